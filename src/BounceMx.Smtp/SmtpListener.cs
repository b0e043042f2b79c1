using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp;

/// <summary>What all connections of one listener share: what is enforced, and the replies that say so.</summary>
internal sealed class SmtpListener
{
    private readonly SmtpReply _ehlo;
    private readonly SmtpReply _ehloBeforeTls;

    /// <summary>A listener of a server.</summary>
    /// <param name="server">What all listeners share.</param>
    /// <param name="options">What is enforced here.</param>
    public SmtpListener(SmtpServer server, SmtpServerOptions options)
    {
        Server = server;
        Options = options;
        Proxies = options.ProxyNetworks.Length == 0 ? null : NetworkSet.Parse(options.ProxyNetworks);
        Greeting = SmtpReplies.Greeting(options.HostName);
        Helo = SmtpReplies.Helo(options.HostName);
        _ehlo = SmtpReplies.Ehlo(options, offersTls: false);
        _ehloBeforeTls = OffersTls ? SmtpReplies.Ehlo(options, offersTls: true) : _ehlo;
    }

    public SmtpServer Server { get; }
    public SmtpServerOptions Options { get; }

    /// <summary>Who has to begin with a PROXY header; <c>null</c> when nobody.</summary>
    public NetworkSet? Proxies { get; }

    public SmtpReply Greeting { get; }
    public SmtpReply Helo { get; }

    /// <summary>Whether a session in clear text may move into TLS.</summary>
    public bool OffersTls => Options.Tls == TlsMode.StartTls && Server.Certificates is not null;

    /// <summary>The answer to EHLO.</summary>
    /// <param name="isClearText">Whether the session is outside TLS.</param>
    public SmtpReply Ehlo(bool isClearText) => isClearText ? _ehloBeforeTls : _ehlo;

    /// <summary>How long something may take that is <paramref name="usual"/> as long as there are places left, and room for messages.</summary>
    public TimeSpan Patience(TimeSpan usual) => IsUnderStress && Options.StressTimeout < usual ? Options.StressTimeout : usual;

    private bool IsUnderStress => Server.Limiter.IsUnderStress || Server.Bodies.Budget.IsOverSoft;
}
