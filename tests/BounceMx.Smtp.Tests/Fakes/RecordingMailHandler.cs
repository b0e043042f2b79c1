using System.Text;
using BounceMx.Mail;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp.Tests.Fakes;

/// <summary>Accepts mail for bounces.test and remembers it. What it answers can be replaced.</summary>
internal sealed class RecordingMailHandler : IMailHandler, IMailHandlerFactory
{
    public List<(MailTransaction Transaction, byte[] Raw)> Messages { get; } = [];

    /// <summary>The messages as Latin-1 text, an octet a character.</summary>
    public IEnumerable<string> Texts => Messages.Select(message => Encoding.Latin1.GetString(message.Raw));

    public List<MailTransaction> Transactions { get; } = [];

    public List<ForwardPath> Recipients { get; } = [];

    /// <summary>What was said of each of <see cref="Recipients"/>.</summary>
    public List<RecipientParameters> Parameters { get; } = [];

    public int Resets { get; private set; }

    public Func<MailTransaction, SmtpReply> OnMail { get; set; } = _ => SmtpReplies.SenderOk;

    public Func<ForwardPath, SmtpReply> OnRcpt { get; set; } =
        path =>
            path.IsBarePostmaster || path.Mailbox.Domain.Equals("bounces.test", StringComparison.OrdinalIgnoreCase)
                ? SmtpReplies.RecipientOk
                : SmtpReplies.NoRelaying;

    public Func<ValueTask<SmtpReply>> OnData { get; set; } = () => ValueTask.FromResult(SmtpReplies.Accepted);

    public IMailHandler Create() => this;

    public ValueTask<SmtpReply> MailAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        SmtpReply reply = OnMail(transaction);
        Transactions.Add(transaction);
        return ValueTask.FromResult(reply);
    }

    public ValueTask<SmtpReply> RcptAsync(
        MailTransaction transaction,
        ForwardPath recipient,
        RecipientParameters parameters,
        CancellationToken cancellationToken
    )
    {
        SmtpReply reply = OnRcpt(recipient);
        if (reply.IsPositive)
        {
            Recipients.Add(recipient);
            Parameters.Add(parameters);
        }
        return ValueTask.FromResult(reply);
    }

    public async ValueTask<SmtpReply> DataAsync(MailTransaction transaction, MessageBody body, CancellationToken cancellationToken)
    {
        byte[] raw = body.ToArray();
        SmtpReply reply = await OnData();
        if (reply.IsPositive)
            Messages.Add((transaction, raw));
        return reply;
    }

    public void Reset() => Resets++;
}
