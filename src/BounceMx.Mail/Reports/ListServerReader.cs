using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads what mailing-list servers write to somebody whose message they did not distribute: Mailman, LISTSERV, Sympa, fml. They write as the list's
/// owner, without any sign of a bounce, but under a field or a name of their own. The recipient is the list.
/// Does not take a message that waits for a moderator for a failure, nor the posts of a list.
/// </summary>
internal static class ListServerReader
{
    /// <summary>How the list's owner is told from the list (RFC 2142 section 6, and fml's way).</summary>
    private static readonly string[] _owners = ["-owner", "-request", "-bounces", "-admin", "-ctl"];

    private static readonly SearchValues<byte> _behindName = SearchValues.Create(" '\"\r\n,.:"u8);

    private static readonly byte[][] _beforeName = ["mail to the "u8.ToArray(), "for list "u8.ToArray()];

    private static readonly Phrases _rejections = new(
        "automatically rejected",
        "has been rejected by the list moderator",
        "not allowed to post",
        "not authorized to send mail to the",
        "not a member of this mailing list",
        "you are not member",
        "message has been rejected",
        "your message for list",
        "not allowed to send this message",
        "duplicated message-id",
        "loop back warning",
        "rejects mail"
    );

    public static bool TryRead(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        if (!IsListServer(draft, headers) || headers.Contains("X-ML-Count"u8) || headers.Contains("List-Post"u8))
            return false;
        using var text = new HumanText(draft.Parts);
        if (!text.ContainsAny(_rejections))
            return false;
        draft.InlineHeader = text.InlineHeader;
        draft.Kind = ReportKind.Bounce;
        draft.Evidence.Add("a list server refused the message");
        if (List(headers, text) is { } list)
        {
            draft.Recipients.Add(
                new RecipientStatus
                {
                    Recipient = list,
                    RecipientSource = RecipientSource.Header,
                    Action = DsnAction.Failed,
                    Diagnostic = DiagnosticText.Read(Rejection(text)),
                }
            );
        }

        return true;
    }

    /// <summary>Mailman puts its version into the posts of a list, too; those are from people.</summary>
    private static bool IsListServer(ReportDraft draft, HeaderBlock headers) =>
        headers.Contains("X-MLServer"u8)
        || (headers.Contains("X-Mailman-Version"u8) && (draft.HasNullSender == true || IsOwner(headers)))
        || headers.RawValue("From"u8).Span is var from && (from.ContainsIgnoreCase("<listserv@"u8) || from.ContainsIgnoreCase("<sympa@"u8));

    private static bool IsOwner(HeaderBlock headers) =>
        AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } from
        && Array.Exists(_owners, owner => from.Contains(owner + "@", StringComparison.OrdinalIgnoreCase));

    /// <summary>The list's own address, made of its owner's, or else that which the server speaks of.</summary>
    private static string? List(HeaderBlock headers, HumanText text)
    {
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is not { } from)
            return null;
        int at = Math.Max(from.LastIndexOf('@'), 0);
        if (IsServer(from.AsSpan(0, at)))
            return AddressText.Find(headers.RawValue("Subject"u8).Span, out _) ?? NamedIn(text, from[at..]);
        foreach (string owner in _owners)
        {
            if (from.AsSpan(0, at).EndsWith(owner, StringComparison.OrdinalIgnoreCase))
                return string.Concat(from.AsSpan(0, at - owner.Length), from.AsSpan(at));
        }

        return from;
    }

    private static bool IsServer(ReadOnlySpan<char> localPart) =>
        localPart.Equals("listserv", StringComparison.OrdinalIgnoreCase) || localPart.Equals("sympa", StringComparison.OrdinalIgnoreCase);

    /// <summary>LISTSERV's <c>send mail to the BIRDS list</c>, Sympa's <c>your message for list 'birds'</c>.</summary>
    private static string? NamedIn(HumanText text, string domain)
    {
        foreach (ReadOnlyMemory<byte> one in text.Texts)
        {
            foreach (byte[] lead in _beforeName)
            {
                int found = one.Span.IndexOfIgnoreCase(lead);
                if (found < 0)
                    continue;
                ReadOnlySpan<byte> name = one.Span[(found + lead.Length)..].TrimStart(" '\"\r\n"u8);
                name = name[..Math.Max(name.IndexOfAny(_behindName), 0)];
                string list = TextCleaner.Clean(name, AddressText.MaxOctets) + domain;
                if (AddressText.IsMailbox(list))
                    return list;
            }
        }

        return null;
    }

    /// <summary>The line that says it, and the rest of its paragraph.</summary>
    private static ReadOnlySpan<byte> Rejection(HumanText text)
    {
        foreach (ReadOnlyMemory<byte> one in text.Texts)
        {
            int at = _rejections.IndexIn(Encoding.Latin1.GetString(one.Span));
            if (at < 0)
                continue;
            int start = one.Span[..at].LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
            return TextParagraphs.From(one[start..], recipient: null).Span;
        }

        return default;
    }
}
