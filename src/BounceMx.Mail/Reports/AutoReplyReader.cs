using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Recognises automatic answers (RFC 3834): vacation notices, ticket acknowledgements, challenges. The recipient is who answers.
/// Does not read when the person is back. Known gap: an answer that only its wording shows to be automatic, in a language not listed.
/// </summary>
internal static class AutoReplyReader
{
    /// <summary>Fields that only automatic answers carry.</summary>
    private static readonly byte[][] _fields =
    [
        "X-Autoreply"u8.ToArray(),
        "X-Autorespond"u8.ToArray(),
        "X-Autoreply-From"u8.ToArray(),
        "X-Auto-Reply-From"u8.ToArray(),
        "X-Mail-Autoreply"u8.ToArray(),
        "X-Vacation"u8.ToArray(),
    ];

    /// <summary>How mail clients begin the subject of an automatic answer; the weakest sign, asked for last.</summary>
    private static readonly string[] _subjects =
    [
        "auto:",
        "auto reply",
        "auto-reply",
        "autoreply",
        "auto response",
        "autorespon",
        "automatic reply",
        "automatische antwort",
        "automatisch antwoord",
        "réponse automatique",
        "respuesta automática",
        "risposta automatica",
        "resposta automática",
        "automatisk svar",
        "autosvar",
        "out of office",
        "out-of-office",
        "abwesenheit",
        "absence du bureau",
        "fuera de la oficina",
        "自動応答",
        "自動返信",
        "vacation",
    ];

    public static bool TryRead(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        if (headers.Contains("X-Failed-Recipients"u8) || BounceSigns.IsDaemon(headers) || Sign(headers) is not { } sign)
            return false;
        draft.Kind = ReportKind.AutoReply;
        draft.Evidence.Add(sign);
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } from)
            draft.Recipients.Add(new RecipientStatus { Recipient = from, RecipientSource = RecipientSource.Header });
        return true;
    }

    private static string? Sign(HeaderBlock headers)
    {
        if (headers.RawValue("Auto-Submitted"u8).Span.StartsWithIgnoreCase("auto-replied"u8))
            return "Auto-Submitted: auto-replied";
        foreach (byte[] field in _fields)
        {
            if (headers.Contains(field))
                return System.Text.Encoding.ASCII.GetString(field);
        }

        ReadOnlySpan<byte> precedence = headers.RawValue("Precedence"u8).Span;
        if (precedence.StartsWithIgnoreCase("auto_reply"u8) || precedence.StartsWithIgnoreCase("auto-reply"u8))
            return "Precedence: auto_reply";
        return headers.Decode("Subject"u8) is { } subject && StartsLikeAnAnswer(subject) ? "Subject of an automatic answer" : null;
    }

    private static bool StartsLikeAnAnswer(string subject)
    {
        foreach (string start in _subjects)
        {
            if (subject.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
