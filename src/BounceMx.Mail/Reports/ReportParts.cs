using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Sorts the parts of a message: which are the report's own, and which belong to the message that it returns. A report that was forwarded
/// as an attachment is looked for inside: <see cref="Top"/> is then the forwarded message.
/// </summary>
internal sealed class ReportParts
{
    private readonly List<MimePart> _own = [];

    /// <summary>Sorts around the root.</summary>
    public ReportParts(MimePart root)
        : this(root, root) { }

    private ReportParts(MimePart root, MimePart top)
    {
        Root = root;
        Top = top;
        for (int i = 0; i < root.All.Count; i++)
        {
            if (ReferenceEquals(EnclosingMessage(root.All[i]), top))
                _own.Add(root.All[i]);
        }
    }

    /// <summary>The message that was received.</summary>
    public MimePart Root { get; }

    /// <summary>The message that is the report: the root, or one attached to it.</summary>
    public MimePart Top { get; }

    /// <summary>The parts of the report itself, without those of messages within it.</summary>
    public List<MimePart> Own => _own;

    /// <summary>
    /// Whether the report lies within the message that another report returns: then it is that one which counts. What a person forwards is
    /// no such thing.
    /// </summary>
    public bool BelongToAnother =>
        !ReferenceEquals(Top, Root)
        && (
            BounceSigns.IsMailSystem(Root.Headers)
            || Root.All.Any(part => part.ContentType.Is("message/delivery-status"u8) && Nesting(part) < Nesting(Top))
        );

    /// <summary>Sorts around the outermost part that is wanted, or around the root where there is none.</summary>
    /// <param name="isWanted">Such as: is a delivery status.</param>
    public ReportParts Around(Func<MimePart, bool> isWanted)
    {
        MimePart? wanted = null;
        int nesting = int.MaxValue;
        for (int i = 0; i < Root.All.Count; i++)
        {
            MimePart part = Root.All[i];
            if (!isWanted(part) || Nesting(part) >= nesting)
                continue;
            (wanted, nesting) = (part, Nesting(part));
        }

        MimePart top = wanted is null ? Root : EnclosingMessage(wanted);
        return ReferenceEquals(top, Top) ? this : new ReportParts(Root, top);
    }

    /// <summary>The report's own texts for people: those in plain text, or else those in HTML.</summary>
    public IEnumerable<MimePart> Texts()
    {
        bool any = false;
        foreach (MimePart part in _own)
        {
            // Some put an empty text beside the one in HTML.
            if (!IsText(part) || part.ContentType.Is("text/html"u8) || part.Text.Span.TrimBlank().IsEmpty)
                continue;
            any = true;
            yield return part;
        }

        if (any)
            yield break;
        foreach (MimePart part in _own)
        {
            if (part.Parts.Count == 0 && part.ContentType.Is("text/html"u8))
                yield return part;
        }
    }

    /// <summary>A text; also a multipart that could not be split, whose body is then the text.</summary>
    private static bool IsText(MimePart part) => part.Parts.Count == 0 && (part.ContentType.IsText || part.ContentType.IsMultipart);

    private static MimePart EnclosingMessage(MimePart part)
    {
        while (part.Parent is { } parent && !parent.IsMessage)
            part = parent;
        return part;
    }

    /// <summary>How many messages a part lies within; 0 for the parts of the message itself.</summary>
    public static int Nesting(MimePart part)
    {
        int messages = 0;
        for (MimePart? parent = part.Parent; parent is not null; parent = parent.Parent)
            messages += parent.IsMessage ? 1 : 0;
        return messages;
    }
}
