using BounceMx.Mail;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Commands;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp;

/// <summary>
/// The state of a session (RFC 5321 sections 3 and 4.1.4): a command in, a reply out, no I/O of its own. It keeps the order of commands, runs
/// the mail transaction, counts errors, and asks the <see cref="IMailHandler"/> what to accept. Whatever ends a transaction clears it.
/// It does not read lines or bodies, wait, or close: <see cref="SmtpConnection"/> does what a <see cref="SmtpStep"/> says.
/// Standards: RFC 5321, 1870 (SIZE), 2034 (enhanced codes), 2920 (PIPELINING), 3030 (CHUNKING, BINARYMIME), 3207 (STARTTLS), 3461 (DSN),
/// 6152 (8BITMIME), 6531 (SMTPUTF8), 9422 (LIMITS).
/// Known gaps: no notification is ever sent, whatever NOTIFY says.
/// </summary>
internal sealed class SmtpSession(SmtpListener listener, SmtpPeer peer, IMailHandler handler)
{
    private readonly SmtpServerOptions _options = listener.Options;
    private readonly SmtpErrorCount _errors = new(listener.Options);

    // What the client called itself; null before a greeting.
    private string? _helo;
    private bool _isExtended;
    private TlsParameters? _tls;

    // The transaction under way; null outside one.
    private MailTransaction? _transaction;
    private int _recipients;
    private int _refusedRecipients;
    private int _excessRecipients;
    private bool _isBetweenChunks;

    private int _messages;

    /// <summary>Whether the client has said who it is.</summary>
    public bool IsGreeted => _helo is not null;

    /// <summary>Whether a message is under way that further chunks belong to.</summary>
    public bool IsReceiving => _isBetweenChunks;

    /// <summary>Answers a command.</summary>
    public async ValueTask<SmtpStep> ExecuteAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (command.Verb == SmtpVerb.Bdat && (!_options.Chunking || (IsGreeted && !_isExtended)))
            return Judge(SmtpReplies.NotImplemented, closes: true);
        if (command.Fault != SmtpFault.None)
        {
            (SmtpReply answer, bool closes) = SmtpFaults.Answer(command.Fault);
            return Judge(answer, closes: closes);
        }
        if (command.Verb == SmtpVerb.Bdat)
            return new SmtpStep(null, SmtpNext.Chunk);
        SmtpReply reply = command.Verb switch
        {
            SmtpVerb.Ehlo => Hello(command, isExtended: true, listener.Ehlo(_tls is null)),
            SmtpVerb.Helo => Hello(command, isExtended: false, listener.Helo),
            SmtpVerb.StartTls => StartTls(),
            SmtpVerb.Mail => await MailAsync(command, cancellationToken),
            SmtpVerb.Rcpt => await RcptAsync(command, cancellationToken),
            SmtpVerb.Data => Data(),
            SmtpVerb.Rset => Rset(),
            SmtpVerb.Noop => SmtpReplies.Ok,
            SmtpVerb.Vrfy => SmtpReplies.NotVerified,
            SmtpVerb.Help => SmtpReplies.Help,
            SmtpVerb.Quit => SmtpReplies.Bye,
            _ => SmtpReplies.NotImplemented,
        };
        return Judge(reply, IsJunk(command.Verb, reply), isRecipient: command.Verb == SmtpVerb.Rcpt);
    }

    /// <summary>The connection is inside TLS now: all that was said before is forgotten (RFC 3207 section 4.2).</summary>
    public void Secured(TlsParameters tls)
    {
        EndTransaction();
        _helo = null;
        _tls = tls;
    }

    /// <summary>Why the octets of a BDAT are to be read and thrown away; <c>null</c> when they belong to the message.</summary>
    public SmtpReply? RefuseChunk() =>
        _transaction is null ? SmtpReplies.BadSequence
        : _recipients == 0 ? SmtpReplies.NoValidRecipients
        : null;

    /// <summary>Answers a BDAT whose octets were read (RFC 3030 section 2).</summary>
    /// <param name="refusal">What <see cref="RefuseChunk"/> said.</param>
    /// <param name="isLast">Whether the message is complete.</param>
    /// <param name="message">The message so far.</param>
    /// <param name="cancellationToken">Handed to the handler.</param>
    public async ValueTask<SmtpStep> EndOfChunkAsync(
        SmtpReply? refusal,
        bool isLast,
        MessageBuffer message,
        CancellationToken cancellationToken
    )
    {
        if (refusal is not null)
            return Judge(refusal);
        if (isLast || message.Refusal is not null)
            return await EndOfDataAsync(message, cancellationToken);
        _isBetweenChunks = true;
        return Judge(SmtpReplies.ChunkAccepted);
    }

    /// <summary>Answers the end of a message that was read.</summary>
    public async ValueTask<SmtpStep> EndOfDataAsync(MessageBuffer message, CancellationToken cancellationToken)
    {
        long ended = listener.Server.Time.GetTimestamp();
        SmtpReply reply = await DeliverAsync(message, cancellationToken);
        listener.Server.Metrics.MessageAnswered(reply, message.Length, listener.Server.Time.GetElapsedTime(ended));
        EndTransaction();
        if (reply.IsPositive)
            _errors.Forgive();
        SmtpStep step = Judge(reply);
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

    private SmtpReply StartTls() =>
        _tls is not null ? SmtpReplies.BadSequence
        : listener.OffersTls ? SmtpReplies.ReadyForTls
        : SmtpReplies.TlsNotAvailable;

    private async ValueTask<SmtpReply> MailAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (RefuseMail(command) is { } refusal)
            return refusal;
        MailParameters parameters = command.Parameters;
        var transaction = new MailTransaction
        {
            ReversePath = new ReversePath(command.Mailbox),
            Helo = _helo!,
            Extended = _isExtended,
            RemoteAddress = peer.Address,
            Tls = _tls,
            DeclaredSize = parameters.Size,
            Body = parameters.Body ?? BodyType.SevenBit,
            SmtpUtf8 = parameters.SmtpUtf8,
            Ret = parameters.Ret,
            EnvelopeId = parameters.EnvelopeId,
        };
        SmtpReply reply = await AskAsync(() => handler.MailAsync(transaction, cancellationToken), "MAIL", cancellationToken);
        if (reply.IsPositive)
        {
            _transaction = transaction;
            _messages++;
        }
        return reply;
    }

    private SmtpReply? RefuseMail(in SmtpCommand command)
    {
        if (_helo is null || _transaction is not null)
            return SmtpReplies.BadSequence;
        MailParameters parameters = command.Parameters;
        bool isOffered = _isExtended && (parameters.Body != BodyType.BinaryMime || (_options.Chunking && _options.BinaryMime));
        if (parameters.Any && !isOffered)
            return SmtpReplies.UnknownParameter;
        if (command.IsInternational && !parameters.SmtpUtf8)
            return SmtpReplies.NeedsSmtpUtf8;
        if (parameters.Size > _options.MaxMessageSize)
            return SmtpReplies.MessageTooLarge;
        if (_messages == _options.MaxMessages)
            return SmtpReplies.TooManyMessages;
        if (!peer.Lease.TryCountMessage())
            return SmtpReplies.TooManyPeerMessages;
        return listener.Server.Bodies.Budget.IsOverSoft ? SmtpReplies.SystemFull : null;
    }

    private async ValueTask<SmtpReply> RcptAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        if (_transaction is null || _isBetweenChunks)
            return SmtpReplies.BadSequence;
        if (command.Recipient != default && !_isExtended)
            return SmtpReplies.UnknownParameter;
        if (command.IsInternational && !_transaction.SmtpUtf8)
            return SmtpReplies.NeedsSmtpUtf8;
        if (!peer.Lease.TryCountRecipient())
            return SmtpReplies.TooManyPeerRecipients;
        if (_recipients == _options.MaxRecipients)
        {
            _excessRecipients++;
            return SmtpReplies.TooManyRecipients;
        }
        MailTransaction transaction = _transaction;
        var recipient = new ForwardPath(command.Mailbox.GetValueOrDefault());
        SmtpReply reply = await AskAsync(
            () => handler.RcptAsync(transaction, recipient, command.Recipient, cancellationToken),
            "RCPT",
            cancellationToken
        );
        if (reply.IsPositive)
            _recipients++;
        else
            _refusedRecipients++;
        return reply;
    }

    // RFC 3030 sections 2 and 3: not between chunks, and not for octets that know no lines.
    private SmtpReply Data() =>
        _transaction is null || _isBetweenChunks || _transaction.Body == BodyType.BinaryMime ? SmtpReplies.BadSequence
        : _recipients == 0 ? SmtpReplies.NoValidRecipients
        : SmtpReplies.StartMailInput;

    private async ValueTask<SmtpReply> DeliverAsync(MessageBuffer message, CancellationToken cancellationToken)
    {
        if (!message.TryComplete(out MessageBody? body, out SmtpReply? refusal))
            return refusal;
        MailTransaction transaction = _transaction!;
        if (message.HasBareLineEnds)
        {
            if (_options.RefuseBareLineEnds && transaction.Body != BodyType.BinaryMime)
                return SmtpReplies.BareLineEnds;
            transaction = transaction with { HasBareLineEnds = true };
        }
        return await AskAsync(() => handler.DataAsync(transaction, body, cancellationToken), "DATA", cancellationToken);
    }

    // A fault of the handler is a fault of ours: 4xx, and loud in the log. To be given up by a server that shuts down is none.
    private async ValueTask<SmtpReply> AskAsync(Func<ValueTask<SmtpReply>> handlerCall, string command, CancellationToken cancellationToken)
    {
        try
        {
            return await handlerCall();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return SmtpReplies.LocalError;
        }
        catch (Exception exception)
        {
            return Failed(exception, command);
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
        _recipients = _refusedRecipients = _excessRecipients = 0;
        _isBetweenChunks = false;
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
        SmtpLog.HandlerFailed(listener.Server.Logger, exception, peer.ConnectionId, command);
        return SmtpReplies.LocalError;
    }

    // Refused recipients are not held against the peer beyond the session: backscatter comes from MTAs whose bounces are wanted. The DATA
    // that a pipelining client has sent behind them already is no error at all.
    private SmtpStep Judge(SmtpReply reply, bool isJunk = false, bool isRecipient = false, bool closes = false)
    {
        if (reply == SmtpReplies.NoValidRecipients && _refusedRecipients > 0)
            return new SmtpStep(reply, SmtpNext.Command);
        bool isTolerated = reply.Code.Class != 5 || isRecipient || peer.Lease.TryCountError();
        if (closes)
            return new SmtpStep(reply, SmtpNext.Close);
        ErrorJudgement judgement = _errors.Count(reply, isJunk);
        if (judgement == ErrorJudgement.TooMany)
            return new SmtpStep(SmtpReplies.TooManyErrors, SmtpNext.Close);
        if (!isTolerated)
            return new SmtpStep(SmtpReplies.TooManyPeerErrors, SmtpNext.Close);
        return new SmtpStep(reply, Next(reply), judgement == ErrorJudgement.Delayed);
    }

    private static SmtpNext Next(SmtpReply reply) =>
        reply == SmtpReplies.ReadyForTls
            ? SmtpNext.StartTls
            : reply.Code.Value switch
            {
                354 => SmtpNext.Data,
                221 or 421 => SmtpNext.Close,
                _ => SmtpNext.Command,
            };

    // What does nothing, and what is put off: the peer could go on with it for ever. A client with a few more recipients than fit is none of
    // these.
    private bool IsJunk(SmtpVerb verb, SmtpReply reply) =>
        verb is SmtpVerb.Ehlo or SmtpVerb.Helo or SmtpVerb.Rset or SmtpVerb.Noop or SmtpVerb.Vrfy or SmtpVerb.Help
        || (reply.Code.Class == 4 && (reply != SmtpReplies.TooManyRecipients || _excessRecipients > _options.MaxRecipients));
}
