using BounceMx.Mail;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>A recipient that got its 250 at RCPT time.</summary>
/// <param name="Path">The bounce address.</param>
/// <param name="Verp">Who was mailed; <c>null</c> for a plain address such as <c>bounces@</c> or <c>postmaster@</c>.</param>
internal sealed record AcceptedRecipient(ForwardPath Path, VerpAddress? Verp);
