using BounceMx.Mail;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Commands;

namespace BounceMx.Smtp;

/// <summary>
/// The state of a session (RFC 5321 sections 3 and 4.1.4): a command in, a reply out, no I/O of its own. It keeps the order of commands, runs
/// the mail transaction, counts errors, and asks the <see cref="IMailHandler"/> what to accept. Whatever ends a transaction clears it.
/// It does not read lines or bodies, wait, or close: <see cref="SmtpConnection"/> does what a <see cref="SmtpStep"/> says.
/// Standards: RFC 5321, 1870 (SIZE), 2034 (enhanced codes), 2920 (PIPELINING), 6152 (8BITMIME), 6531 (SMTPUTF8).
/// Known gaps: STARTTLS, CHUNKING, DSN.
/// </summary>
internal sealed class SmtpSession(SmtpServerContext server, SmtpPeer peer, IMailHandler handler)
{
    private readonly SmtpServerOptions _options = server.Options;

    // What the client called itself; null before a greeting.
    private string? _helo;
    private bool _isExtended;

    // The transaction under way; null outside one.
    private MailTransaction? _transaction;
    private int _recipients;

    // Both since the last delivery, so that a peer with many messages for one connection is not cut off for a few bad ones.
    private int _errors;
    private int _junkCommands;

    /// <summary>Answers a command.</summary>
    public async ValueTask<SmtpStep> ExecuteAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (command.Fault != SmtpFault.None)
        {
            (SmtpReply answer, bool closes) = SmtpFaults.Answer(command.Fault);
            return closes ? new SmtpStep(answer, SmtpNext.Close) : Judge(answer, isJunk: false);
        }
        SmtpReply reply = command.Verb switch
        {
            SmtpVerb.Ehlo => Hello(command, isExtended: true, server.Ehlo),
            SmtpVerb.Helo => Hello(command, isExtended: false, server.Helo),
            SmtpVerb.Mail => await MailAsync(command, cancellationToken),
            SmtpVerb.Rcpt => await RcptAsync(command, cancellationToken),
            SmtpVerb.Data => Data(),
            SmtpVerb.Rset => Rset(),
            SmtpVerb.Noop => SmtpReplies.Ok,
            SmtpVerb.Vrfy => SmtpReplies.NotVerified,
            SmtpVerb.Help => SmtpReplies.Help,
            SmtpVerb.Quit => SmtpReplies.Bye,
            SmtpVerb.StartTls => SmtpReplies.TlsNotAvailable,
            _ => SmtpReplies.NotImplemented,
        };
        return Judge(reply, IsJunk(command.Verb));
    }

    /// <summary>Answers the end of a message that was read.</summary>
    public async ValueTask<SmtpStep> EndOfDataAsync(MessageBuffer body, CancellationToken cancellationToken)
    {
        SmtpReply reply = await DeliverAsync(body, cancellationToken);
        EndTransaction();
        if (reply.IsPositive)
            _errors = _junkCommands = 0;
        SmtpStep step = Judge(reply, isJunk: false);
        // The reply to a message is never replaced: a 421 in place of a 552 would have the peer send it again, for days.
        return step with { Reply = reply };
    }

    /// <summary>The connection is over.</summary>
    public void End() => EndTransaction();

    private SmtpReply Hello(in SmtpCommand command, bool isExtended, SmtpReply reply)
    {
        EndTransaction();
        _helo = command.Domain;
        _isExtended = isExtended;
        return reply;
    }

    private async ValueTask<SmtpReply> MailAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (_helo is null || _transaction is not null)
            return SmtpReplies.BadSequence;
        if (command.Parameters.Any && !_isExtended)
            return SmtpReplies.UnknownParameter;
        if (command.IsInternational && !command.Parameters.SmtpUtf8)
            return SmtpReplies.NeedsSmtpUtf8;
        if (command.Parameters.Size > _options.MaxMessageSize)
            return SmtpReplies.MessageTooLarge;
        var transaction = new MailTransaction
        {
            ReversePath = new ReversePath(command.Mailbox),
            Helo = _helo,
            Extended = _isExtended,
            RemoteAddress = peer.Address,
            DeclaredSize = command.Parameters.Size,
            EightBitMime = command.Parameters.EightBitMime,
            SmtpUtf8 = command.Parameters.SmtpUtf8,
        };
        SmtpReply reply;
        try
        {
            reply = await handler.MailAsync(transaction, cancellationToken);
        }
        catch (Exception exception)
        {
            reply = Failed(exception, "MAIL");
        }
        if (reply.IsPositive)
            _transaction = transaction;
        return reply;
    }

    private async ValueTask<SmtpReply> RcptAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (_transaction is null)
            return SmtpReplies.BadSequence;
        if (command.IsInternational && !_transaction.SmtpUtf8)
            return SmtpReplies.NeedsSmtpUtf8;
        if (_recipients == _options.MaxRecipients)
            return SmtpReplies.TooManyRecipients;
        SmtpReply reply;
        try
        {
            reply = await handler.RcptAsync(_transaction, new ForwardPath(command.Mailbox.GetValueOrDefault()), cancellationToken);
        }
        catch (Exception exception)
        {
            reply = Failed(exception, "RCPT");
        }
        if (reply.IsPositive)
            _recipients++;
        return reply;
    }

    private SmtpReply Data() =>
        _transaction is null ? SmtpReplies.BadSequence
        : _recipients == 0 ? SmtpReplies.NoValidRecipients
        : SmtpReplies.StartMailInput;

    private async ValueTask<SmtpReply> DeliverAsync(MessageBuffer body, CancellationToken cancellationToken)
    {
        if (!body.TryComplete(out MessageBody? message, out SmtpReply? refusal))
            return refusal;
        if (body.HasBareLineEnds && _options.RefuseBareLineEnds)
            return SmtpReplies.BareLineEnds;
        try
        {
            MailTransaction transaction = body.HasBareLineEnds ? _transaction! with { HasBareLineEnds = true } : _transaction!;
            return await handler.DataAsync(transaction, message, cancellationToken);
        }
        catch (Exception exception)
        {
            return Failed(exception, "DATA");
        }
    }

    private SmtpReply Rset()
    {
        EndTransaction();
        return SmtpReplies.Ok;
    }

    private void EndTransaction()
    {
        if (_transaction is null)
            return;
        _transaction = null;
        _recipients = 0;
        try
        {
            handler.Reset();
        }
        catch (Exception exception)
        {
            Failed(exception, "Reset");
        }
    }

    private SmtpReply Failed(Exception exception, string command)
    {
        SmtpLog.HandlerFailed(server.Logger, exception, peer.ConnectionId, command);
        return SmtpReplies.LocalError;
    }

    // A reply of class 4 is no fault of the peer, and no error.
    private SmtpStep Judge(SmtpReply reply, bool isJunk)
    {
        bool isError = reply.Code.Class == 5 || (isJunk && ++_junkCommands > _options.JunkCommandLimit);
        if (isError && ++_errors >= _options.HardErrorLimit)
            return new SmtpStep(SmtpReplies.TooManyErrors, SmtpNext.Close);
        SmtpNext next = reply.Code.Value switch
        {
            354 => SmtpNext.Data,
            221 or 421 => SmtpNext.Close,
            _ => SmtpNext.Command,
        };
        return new SmtpStep(reply, next, isError && _errors > _options.SoftErrorLimit);
    }

    private static bool IsJunk(SmtpVerb verb) =>
        verb is SmtpVerb.Ehlo or SmtpVerb.Helo or SmtpVerb.Rset or SmtpVerb.Noop or SmtpVerb.Vrfy or SmtpVerb.Help;
}
