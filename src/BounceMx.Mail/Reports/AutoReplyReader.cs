using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Recognises automatic answers (RFC 3834): vacation notices, ticket acknowledgements, challenges to prove that the sender is human. The
/// recipient is who answers. An answer that says of its own mailbox that it is given up is a bounce: see <see cref="GivenUpMailbox"/>.
/// Does not read when the person is back. X-Auto-Response-Suppress is no sign: it asks others for silence.
/// Standards: RFC 3834; the fields of programs older than it.
/// Known gap: an answer that only its wording shows to be automatic, in a language not listed.
/// </summary>
internal static class AutoReplyReader
{
    /// <summary>How far the text is searched for the wording of an automatic answer; it begins with it.</summary>
    private const int ProbeLength = 2048;

    /// <summary>Fields that only automatic answers carry.</summary>
    private static readonly byte[][] _fields =
    [
        "X-Autoreply"u8.ToArray(),
        "X-Autorespond"u8.ToArray(),
        "X-Autoresponder"u8.ToArray(),
        "X-Autoreply-From"u8.ToArray(),
        "X-Auto-Reply-From"u8.ToArray(),
        "X-Mail-Autoreply"u8.ToArray(),
        "X-Vacation"u8.ToArray(),
        "X-Boxtrapper"u8.ToArray(),
        "X-AskVersion"u8.ToArray(),
        "X-ChoiceMail-Registration-Request"u8.ToArray(),
    ];

    /// <summary>Fields and how their value begins in an automatic answer.</summary>
    private static readonly (byte[] Field, byte[] Value)[] _values =
    [
        ("Auto-Submitted"u8.ToArray(), "auto-replied"u8.ToArray()),
        ("Precedence"u8.ToArray(), "auto_reply"u8.ToArray()),
        ("Precedence"u8.ToArray(), "auto-reply"u8.ToArray()),
        ("X-Precedence"u8.ToArray(), "auto_reply"u8.ToArray()),
        ("X-Apple-Action"u8.ToArray(), "vacation"u8.ToArray()),
        ("X-Delivery-Agent"u8.ToArray(), "tmda"u8.ToArray()),
    ];

    /// <summary>Reads an automatic answer whose subject is not that of a bounce.</summary>
    public static bool TryRead(ReportDraft draft) => TryRead(draft, isDoubtful: false);

    /// <summary>
    /// Reads an automatic answer under the subject of a bounce, which the reader of free text has not found to be one: Exim and others mark
    /// their bounces as <c>auto-replied</c>, and tickets are acknowledged under the subject of the message.
    /// </summary>
    public static bool TryReadDoubtful(ReportDraft draft) => TryRead(draft, isDoubtful: true);

    private static bool TryRead(ReportDraft draft, bool isDoubtful)
    {
        HeaderBlock headers = draft.Root.Headers;
        if (
            isDoubtful != (draft.IsOfFailure && !AutoReplyWording.Opens(draft.Subject))
            || headers.Contains("X-Failed-Recipients"u8)
            || BounceSigns.IsMailSystem(headers)
            || Sign(draft) is not { } sign
        )
            return false;
        draft.Evidence.Add(sign);
        if (GivenUpMailbox.Read(draft) is { } status)
        {
            draft.Kind = ReportKind.Bounce;
            draft.Evidence.Add("the answer gives the mailbox up");
            draft.Recipients.Add(status);
            return true;
        }

        draft.Kind = ReportKind.AutoReply;
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } from)
            draft.Recipients.Add(new RecipientStatus { Recipient = from, RecipientSource = RecipientSource.Header });
        return true;
    }

    private static string? Sign(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        foreach ((byte[] field, byte[] value) in _values)
        {
            if (headers.RawValue(field).Span.StartsWithIgnoreCase(value))
                return $"{Encoding.ASCII.GetString(field)}: {Encoding.ASCII.GetString(value)}";
        }

        foreach (byte[] field in _fields)
        {
            if (headers.Contains(field))
                return Encoding.ASCII.GetString(field);
        }

        if (headers.Contains("List-Id"u8) || headers.Contains("List-Unsubscribe"u8))
            return null;
        if (AutoReplyWording.Opens(draft.Subject))
            return "Subject of an automatic answer";
        return IsLikely(draft) ? WeakSign(draft) : null;
    }

    /// <summary>Whether nobody is to answer the message, as is the case with all automatic answers and with much else.</summary>
    private static bool IsLikely(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        return draft.HasNullSender == true
            || headers.RawValue("Auto-Submitted"u8).Span.StartsWithIgnoreCase("auto-generated"u8)
            || headers.RawValue("Precedence"u8).Span is var precedence
                && (precedence.StartsWithIgnoreCase("junk"u8) || precedence.StartsWithIgnoreCase("bulk"u8));
    }

    private static string? WeakSign(ReportDraft draft)
    {
        if (AutoReplyWording.StandsInSubject(draft.Subject))
            return "Subject of an automatic answer";
        // Exchange answers so in whatever language: it names the message, and suppresses answers to itself.
        if (draft.Root.Headers.Contains("In-Reply-To"u8) && draft.Root.Headers.Contains("X-Auto-Response-Suppress"u8))
            return "In-Reply-To with X-Auto-Response-Suppress";
        return AutoReplyWording.StandsIn(FirstText(draft.Root)) ? "wording of an automatic answer" : null;
    }

    /// <summary>The beginning of the first text; empty when there is none.</summary>
    private static ReadOnlySpan<byte> FirstText(MimePart root)
    {
        foreach (MimePart part in root.All)
        {
            if (part.Parts.Count == 0 && part.ContentType.IsText)
                return part.Text.Span[..Math.Min(part.Text.Length, ProbeLength)];
        }

        return default;
    }
}
