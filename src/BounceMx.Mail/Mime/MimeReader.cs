namespace BounceMx.Mail.Mime;

/// <summary>
/// Reads a message into a tree of <see cref="MimePart"/>s. Never throws, copies nothing but what a transfer encoding hides, and takes time
/// linear in the message (times <see cref="MimeLimits.Depth"/>, for each layer is looked through once).
/// Does not validate, does not verify signatures, does not keep the preamble and epilogue of a multipart.
/// Standards: RFC 5322, 2045 to 2047, 2231, 3462, 6532, 6533; line ends LF, CRLF and CR alike.
/// Known gaps: <c>message/partial</c> and <c>message/external-body</c> are leaves; a multipart that is itself base64 stays a leaf.
/// </summary>
public static class MimeReader
{
    /// <summary>Reads a message.</summary>
    /// <param name="raw">The message as received; the tree keeps referring to this memory.</param>
    /// <param name="limits">How far to go; <see cref="MimeLimits.Default"/> when not given.</param>
    public static MimePart Read(ReadOnlyMemory<byte> raw, MimeLimits? limits = null)
    {
        limits ??= MimeLimits.Default;
        var budget = new MimeBudget(limits);
        budget.TryTakePart();
        var root = new MimePart(raw, budget, parent: null);
        var all = new List<MimePart>();
        var open = new Stack<MimePart>();
        var ranges = new List<Range>();
        open.Push(root);
        while (open.TryPop(out MimePart? part))
        {
            all.Add(part);
            if (part.ContentType.IsMultipart)
                AddParts(part, budget, ranges, limits);
            else if (part.IsMessage)
                AddPart(part, part.Content, budget);
            for (int i = part.Parts.Count - 1; i >= 0; i--)
                open.Push(part.Parts[i]);
        }

        root.All = all;
        root.ParseLimited = budget.Exceeded;
        return root;
    }

    private static void AddParts(MimePart part, MimeBudget budget, List<Range> ranges, MimeLimits limits)
    {
        part.ContentType.TryGetParameter("boundary"u8, out ReadOnlyMemory<byte> boundary);
        MultipartBody.Split(part.Body.Span, boundary.Span.TrimEnd(" \t"u8), ranges, limits.Parts);
        foreach (Range range in ranges)
        {
            if (!AddPart(part, part.Body[range], budget))
                break;
        }
    }

    private static bool AddPart(MimePart parent, ReadOnlyMemory<byte> raw, MimeBudget budget)
    {
        if (!budget.TryNest(parent.Depth) || !budget.TryTakePart())
            return false;
        parent.Add(new MimePart(raw, budget, parent));
        return true;
    }
}
