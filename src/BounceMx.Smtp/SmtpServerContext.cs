using BounceMx.Smtp.Bodies;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp;

/// <summary>What all connections of a server share, the replies that bear its name among them.</summary>
/// <param name="options">What is enforced.</param>
/// <param name="bodies">Where messages are kept while they come in.</param>
/// <param name="time">The clock of all deadlines.</param>
/// <param name="logger">Where connections report.</param>
internal sealed class SmtpServerContext(SmtpServerOptions options, BodyStore bodies, TimeProvider time, ILogger logger)
{
    public SmtpServerOptions Options { get; } = options;
    public BodyStore Bodies { get; } = bodies;
    public TimeProvider Time { get; } = time;
    public ILogger Logger { get; } = logger;

    public SmtpReply Greeting { get; } = SmtpReplies.Greeting(options.HostName);
    public SmtpReply Ehlo { get; } = SmtpReplies.Ehlo(options);
    public SmtpReply Helo { get; } = SmtpReplies.Helo(options.HostName);
}
