using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds in a header what speaks for a bounce. One sign alone is weak: automatic answers have a null Return-Path too, people write about
/// failures, postmasters write letters, parcels are undeliverable; so <see cref="BounceEvidence"/> asks what in the text bears the signs out.
/// Mail of lists, answers and notices that only sound like a bounce have no sign, unless a mailer daemon wrote them.
/// </summary>
internal static class BounceSigns
{
    /// <summary>Names and local parts under which only mail systems write.</summary>
    private static readonly Phrases _daemons = new(
        "mailer-daemon",
        "mailerdaemon",
        "mailer_daemon",
        "mail-daemon",
        "mail.delivery.system",
        "<mailer@"
    );

    /// <summary>How mail systems call themselves, whatever their address; what people send under such a name has an envelope that leads back to them.</summary>
    private static readonly Phrases _systems = new("mail delivery sub", "mail delivery sys", "mail deliver sub", "mail deliver sys");

    /// <summary>Names and local parts under which mail systems write, and people who run them.</summary>
    private static readonly Phrases _postmasters = new(
        "postmaster",
        "post_master",
        "system administrator",
        "ndr administrator",
        "mail administrator",
        "microsoftexchange",
        "microsoft exchange",
        "interscan",
        "content-filter",
        "antispam firewall",
        "spam firewall"
    );

    /// <summary>Programs with which people write.</summary>
    private static readonly Phrases _clients = new(
        "thunderbird",
        "mozilla",
        "outlook",
        "apple mail",
        "iphone mail",
        "ipad mail",
        "the bat!",
        "evolution",
        "kmail",
        "mutt",
        "claws mail",
        "sylpheed",
        "airmail",
        "roundcube",
        "squirrelmail",
        "foxmail"
    );

    /// <summary>The signs that a header gives; <c>null</c> when there is none.</summary>
    public static BounceSign? Find(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        Signs signs = FromOf(headers, draft.HasNullSender);
        if (headers.Contains("X-Failed-Recipients"u8))
            signs |= Signs.FailedRecipients;
        if (IsOfList(headers) && !IsBounceToList(draft, signs))
            return null;
        if (SubjectOf(draft, signs) is not { } read)
            return null;
        if (signs == Signs.Postmaster && draft.HasNullSender == false && headers.Contains("In-Reply-To"u8))
            return null; // A letter of the person who is postmaster.
        signs |= read;
        if (draft.HasNullSender == true)
            signs |= Signs.NullSender;
        else if (draft.HasNullSender is null && signs != Signs.None)
            signs |= Signs.UnknownSender;
        headers.TryGet("Content-Type"u8, out HeaderField type);
        if (type.RawValue.Span.ContainsIgnoreCase("delivery-status"u8))
            signs |= Signs.ReportType;
        return signs == Signs.None ? null : new BounceSign(signs);
    }

    /// <summary>Whether a mail system is in the From field, or the postmaster.</summary>
    public static bool IsMailSystem(HeaderBlock headers) => FromOf(headers, hasNullSender: null) != Signs.None;

    private static Signs FromOf(HeaderBlock headers, bool? hasNullSender)
    {
        ReadOnlySpan<byte> from = headers.RawValue("From"u8).Span;
        if (_daemons.StandIn(from) || from.EndsWith("<>"u8))
            return Signs.Daemon;
        if (_systems.StandIn(from))
            return hasNullSender == false ? Signs.Postmaster : Signs.Daemon;
        return _postmasters.StandIn(from) ? Signs.Postmaster : Signs.None;
    }

    /// <summary>What the subject adds; <c>null</c> when it says that the message is something else.</summary>
    private static Signs? SubjectOf(ReportDraft draft, Signs from)
    {
        HeaderBlock headers = draft.Root.Headers;
        string subject = draft.Subject;
        if (BounceSubjects.Notices.Begin(subject))
            return null;
        bool fails = draft.IsOfFailure;
        if (from != Signs.None)
            return fails ? Signs.Subject : Signs.None;
        if (BounceSubjects.Forwards.Begin(subject))
            return fails ? Signs.Forward : Signs.None;
        // Where nothing else speaks for it, the subject must begin so ([Ticket 17] Undelivered mail does not), and nobody have sent it for another, as lists do.
        if (draft.HasNullSender == false)
            fails = fails && !headers.Contains("Sender"u8) && BounceSubjects.Failures.Begin(subject.TrimStart('*'));
        return fails && !headers.Contains("In-Reply-To"u8) && !BounceSubjects.Answers.Begin(subject) && !IsWrittenByHand(headers)
            ? Signs.Subject
            : Signs.None;
    }

    private static bool IsOfList(HeaderBlock headers) =>
        headers.Contains("List-Id"u8)
        || headers.Contains("List-Unsubscribe"u8)
        || headers.Contains("List-Post"u8)
        || headers.RawValue("Precedence"u8).Span.StartsWithIgnoreCase("list"u8);

    /// <summary>A bounce of a list's message comes back to the list's own address, which may mark it as its own.</summary>
    private static bool IsBounceToList(ReportDraft draft, Signs signs) =>
        (signs & Signs.FailedRecipients) != Signs.None || ((signs & Signs.Daemon) != Signs.None && draft.HasNullSender != false);

    private static bool IsWrittenByHand(HeaderBlock headers) =>
        _clients.StandIn(headers.RawValue("User-Agent"u8).Span) || _clients.StandIn(headers.RawValue("X-Mailer"u8).Span);
}
