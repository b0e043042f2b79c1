using BounceMx.Intake;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;
using BounceMx.Storage;

namespace BounceMx.Tests;

/// <summary>Messages in memory, for tests that have them as octets.</summary>
internal static class MessageBodies
{
    public static Task<SpooledMessage> AppendAsync(
        this Spool spool,
        Envelope envelope,
        DateTimeOffset receivedAt,
        byte[] raw,
        CancellationToken cancellationToken
    ) => spool.AppendAsync(envelope, receivedAt, new MessageBody(raw), cancellationToken);

    public static ValueTask<SmtpReply> DataAsync(
        this BounceMailHandler handler,
        MailTransaction transaction,
        byte[] raw,
        CancellationToken cancellationToken
    ) => handler.DataAsync(transaction, new MessageBody(raw), cancellationToken);
}
