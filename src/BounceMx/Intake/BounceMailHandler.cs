using BounceMx.Mail;
using BounceMx.Pipeline;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>
/// Hop 3, and the end of hop 4: decides who is accepted and answers for the message.
/// Does: decode the bounce address at RCPT time and ask the door; put the message into the spool and answer 250 only when it is on disk; tell the pipeline;
/// refuse with 452 while the disk has no more than its reserve.
/// Does not: look at the message; any network call.
/// Standards: RFC 5321 section 4.5.1 (postmaster), RFC 2142 (abuse).
/// </summary>
internal sealed class BounceMailHandler(
    VerpCodec codec,
    BounceDoor door,
    VerpMetrics metrics,
    Spool spool,
    DiskSpace disk,
    BouncePipeline pipeline,
    TimeProvider time,
    ILogger<BounceMailHandler> logger
) : IMailHandler
{
    private readonly List<AcceptedRecipient> _recipients = [];

    public ValueTask<SmtpReply> MailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        new(disk.IsLow ? SmtpReplies.SystemFull : SmtpReplies.SenderOk);

    public ValueTask<SmtpReply> RcptAsync(
        MailTransaction transaction,
        ForwardPath recipient,
        RecipientParameters parameters,
        CancellationToken cancellationToken
    )
    {
        (string localPart, string domain) = recipient.Mailbox;
        if (IsRoleMailbox(recipient))
            return Answer(door.JudgeRole(domain), new AcceptedRecipient(recipient, Verp: null, parameters));
        VerpDecoding decoding = codec.Decode(localPart, domain);
        Admission admission = door.Judge(decoding);
        return Answer(admission, admission.Refusal is null ? Read(decoding, recipient, parameters) : null);
    }

    public async ValueTask<SmtpReply> DataAsync(MailTransaction transaction, MessageBody body, CancellationToken cancellationToken)
    {
        // Many transactions begun at once may reach the reserve together.
        if (disk.IsLow)
            return SmtpReplies.SystemFull;
        var envelope = new Envelope
        {
            MailFrom = transaction.ReversePath.ToString(),
            RcptTo = [.. _recipients],
            Helo = transaction.Helo,
            RemoteIp = transaction.RemoteAddress,
            Tls = transaction.Tls?.ToString(),
            Ret = transaction.Ret,
            EnvelopeId = transaction.EnvelopeId,
            BareLineEnds = transaction.HasBareLineEnds,
        };
        try
        {
            SpooledMessage message = await spool.AppendAsync(envelope, time.GetUtcNow(), body, cancellationToken);
            pipeline.Offer(message);
            if (logger.IsEnabled(LogLevel.Debug))
                IntakeLog.Stored(logger, message.Id, body.Length, envelope.RemoteIp, string.Join(' ', _recipients.Select(r => r.Path)));
            return SmtpReplies.Accepted;
        }
        catch (StorageException e)
        {
            SmtpReply reply = e.DiskFull ? SmtpReplies.SystemFull : SmtpReplies.LocalError;
            // A fault of the disk is told once, by the writer; each message that meets it would flood the log.
            LogLevel level = e.Fault == StorageFault.Other ? LogLevel.Error : LogLevel.Debug;
            IntakeLog.NotStored(logger, level, reply.Code, reply.Status, e.Message);
            return reply;
        }
    }

    public void Reset() => _recipients.Clear();

    private ValueTask<SmtpReply> Answer(Admission admission, AcceptedRecipient? recipient)
    {
        metrics.Count(admission.Result);
        if (admission.Refusal is { } refusal)
            return new(refusal);
        _recipients.Add(recipient! with { Signature = admission.Signature, IsMarked = admission.IsMarked });
        return new(SmtpReplies.RecipientOk);
    }

    internal static AcceptedRecipient Read(in VerpDecoding decoding, ForwardPath path, RecipientParameters parameters) =>
        new(path, decoding.ToAddress(), parameters)
        {
            Stream = decoding.Stream.IsEmpty ? null : decoding.Stream.ToString().ToLowerInvariant(),
            Template = decoding.Template,
            Layers = [.. decoding.Layers.ToArray().Select(layer => layer.ToString().ToLowerInvariant())],
        };

    private bool IsRoleMailbox(ForwardPath recipient)
    {
        if (recipient.IsBarePostmaster)
            return true;
        (string local, string domain) = recipient.Mailbox;
        return codec.IsOurs(domain)
            && (
                local.Equals("postmaster", StringComparison.OrdinalIgnoreCase) || local.Equals("abuse", StringComparison.OrdinalIgnoreCase)
            );
    }
}

/// <summary>Makes a handler for each connection.</summary>
internal sealed class BounceMailHandlerFactory(
    VerpCodec codec,
    BounceDoor door,
    VerpMetrics metrics,
    Spool spool,
    DiskSpace disk,
    BouncePipeline pipeline,
    TimeProvider time,
    ILogger<BounceMailHandler> logger
) : IMailHandlerFactory
{
    public IMailHandler Create() => new BounceMailHandler(codec, door, metrics, spool, disk, pipeline, time, logger);
}
