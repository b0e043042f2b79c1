using BounceMx.Mail;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp;

/// <summary>
/// What becomes of the mail of one session: the server speaks SMTP, the handler decides. One handler a connection, called by one
/// command at a time. A reply of class 2 accepts; anything else refuses, and the session goes on as RFC 5321 says.
/// An exception is a fault of ours: the peer gets 451 4.3.0 and the server logs it. A reply of code 421 also ends the session.
/// The cancellation tokens fire when the server gives the session up, that is when its shutdown takes too long. A peer that hangs up
/// cancels nothing: a message that has come in whole is worth keeping, and a peer that shut only its sending side still reads replies.
/// </summary>
public interface IMailHandler
{
    /// <summary>A mail transaction begins (RFC 5321 section 4.1.1.2).</summary>
    /// <param name="transaction">Reverse path and parameters, already checked for syntax and size.</param>
    /// <param name="cancellationToken">Cancelled when the server gives the session up.</param>
    ValueTask<SmtpReply> MailAsync(MailTransaction transaction, CancellationToken cancellationToken);

    /// <summary>A recipient is named (RFC 5321 section 4.1.1.3).</summary>
    /// <param name="transaction">The transaction under way.</param>
    /// <param name="recipient">The recipient; its domain may be anybody's.</param>
    /// <param name="parameters">What was said of the recipient beside its path.</param>
    /// <param name="cancellationToken">Cancelled when the server gives the session up.</param>
    ValueTask<SmtpReply> RcptAsync(
        MailTransaction transaction,
        ForwardPath recipient,
        RecipientParameters parameters,
        CancellationToken cancellationToken
    );

    /// <summary>The message is complete. A reply of class 2 promises that it is safe.</summary>
    /// <param name="transaction">
    /// The transaction, with at least one accepted recipient; a copy of the one before when <see cref="MailTransaction.HasBareLineEnds"/> is set.
    /// </param>
    /// <param name="body">The message as sent, dot-stuffing removed. Valid until the reply is given.</param>
    /// <param name="cancellationToken">Cancelled when the server gives the session up.</param>
    ValueTask<SmtpReply> DataAsync(MailTransaction transaction, MessageBody body, CancellationToken cancellationToken);

    /// <summary>The transaction is over: after its message, or by RSET, EHLO or the connection's end.</summary>
    void Reset();
}

/// <summary>Makes a handler for each connection.</summary>
public interface IMailHandlerFactory
{
    /// <summary>Called once a connection, before the greeting.</summary>
    IMailHandler Create();
}
