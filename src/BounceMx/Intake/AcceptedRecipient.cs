using BounceMx.Mail;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>A recipient that got its 250 at RCPT time.</summary>
/// <param name="Path">The bounce address.</param>
/// <param name="Verp">Who was mailed; <c>null</c> for a plain address such as <c>bounces@</c> or <c>postmaster@</c>.</param>
/// <param name="Dsn">What the client wants to be told of it; kept, and never done (RFC 3461).</param>
internal sealed record AcceptedRecipient(ForwardPath Path, VerpAddress? Verp, RecipientParameters Dsn = default);
