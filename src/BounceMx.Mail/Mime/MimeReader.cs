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
    /// <summary>A report has five parts: itself, its text, its fields, what it returns, and the message in that.</summary>
    private const int UsualParts = 5;

    /// <summary>Reads a message.</summary>
    /// <param name="raw">The message as received; the tree keeps referring to this memory.</param>
    /// <param name="limits">How far to go; <see cref="MimeLimits.Default"/> when not given.</param>
    public static MimePart Read(ReadOnlyMemory<byte> raw, MimeLimits? limits = null)
    {
        var budget = new MimeBudget(limits ?? MimeLimits.Default, raw.Length);
        budget.TryTakePart();
        var root = new MimePart(raw, budget, parent: null);
        var all = new List<MimePart>(UsualParts) { root };
        for (int i = 0; i < all.Count; i++)
        {
            MimePart part = all[i];
            if (part.ContentType.IsMultipart)
                AddParts(part, budget);
            else if (part.IsMessage)
                AddMessage(part, budget);
            if (part.Parts is { Count: > 0 } parts)
                all.InsertRange(i + 1, parts);
        }

        root.All = all;
        return root;
    }

    private static void AddParts(MimePart part, MimeBudget budget)
    {
        part.ContentType.TryGetParameter("boundary"u8, out ReadOnlyMemory<byte> boundary);
        var body = new MultipartBody(part.Body.Span, boundary.Span.TrimEnd(" \t"u8));
        while (body.MoveNext() && AddPart(part, part.Body[body.Current], budget)) { }
    }

    private static void AddMessage(MimePart part, MimeBudget budget)
    {
        ReadOnlyMemory<byte> content = part.Content;
        if (content.Equals(part.Body) || budget.TryDecode(content.Length))
            AddPart(part, content, budget);
    }

    private static bool AddPart(MimePart parent, ReadOnlyMemory<byte> raw, MimeBudget budget)
    {
        if (!budget.TryNest(parent.Depth) || !budget.TryTakePart())
            return false;
        parent.Add(new MimePart(raw, budget, parent));
        return true;
    }
}
