using BounceMx.Mail;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>
/// A recipient that got its 250 at RCPT time, with all that was decided then: keys and settings may have changed when its message is read.
/// </summary>
/// <param name="Path">The bounce address.</param>
/// <param name="Verp">Who was mailed; <c>null</c> for a plain address such as <c>bounces@</c> or <c>postmaster@</c>.</param>
/// <param name="Dsn">What the client wants to be told of it; kept, and never done (RFC 3461).</param>
internal sealed record AcceptedRecipient(ForwardPath Path, VerpAddress? Verp, RecipientParameters Dsn = default)
{
    /// <summary>The stream of a plain address, lower case: <c>news</c> of <c>bounces-news@</c>; <c>null</c> for all others.</summary>
    public string? Stream { get; init; }

    /// <summary>The template that read the address; <c>null</c> when none did.</summary>
    public string? Template { get; init; }

    /// <summary>What other mail systems had put around it, the outermost first: <c>srs0</c>, <c>srs1</c>, <c>prvs</c>, <c>btv1</c>.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>What became of its signature.</summary>
    public SignatureOutcome Signature { get; init; }

    /// <summary>Whether the signature was wanting and the recipient accepted with a mark, so that its events are not relied on.</summary>
    public bool IsMarked { get; init; }
}

/// <summary>What a bounce address's signature was worth at RCPT time. The names stand in the spool.</summary>
internal enum SignatureOutcome
{
    /// <summary>There were no keys.</summary>
    NotChecked,

    /// <summary>Ours, and not expired.</summary>
    Valid,

    /// <summary>There was none.</summary>
    Unsigned,

    /// <summary>Ours, but too long ago.</summary>
    Expired,

    /// <summary>Not ours, or by a key that we do not have.</summary>
    Bad,
}
