using System.ComponentModel.DataAnnotations;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// How much of the server peers may take, together and each. A peer is an IPv4 address or an IPv6 /64, which is what one customer has.
/// Rates are those of all connections of a peer together; a minute's worth may come at once, and comes back evenly over a minute.
/// The composition root validates it at start.
/// </summary>
public sealed record SmtpLimitOptions
{
    private const string UpToMillion = "0 to 1000000 (0: no limit)";

    /// <summary>Connections in all. Our choice: twenty times Postfix's default_process_limit of 100, as a session here is no process.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000")]
    public int MaxConnections { get; init; } = 2000;

    /// <summary>
    /// Connections of one peer; 0: no limit. Our choice: the smtp_destination_concurrency_limit of a Postfix that delivers to us is 20.
    /// Postfix's smtpd_client_connection_count_limit is 50.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = UpToMillion)]
    public int MaxConnectionsPerAddress { get; init; } = 20;

    /// <summary>
    /// Connections of one IPv4 /24 or IPv6 /48, the smallest networks that are routed on the internet; 0: no limit.
    /// Our choice: two peers' worth, so that fifty such networks must conspire to fill the server.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = UpToMillion)]
    public int MaxConnectionsPerNetwork { get; init; } = 40;

    /// <summary>
    /// Messages of one peer; 0: no limit, as Postfix's smtpd_client_message_rate_limit has it. Our choice: 50 a second. One address of a
    /// large mailbox provider sends some thousand bounces an hour; at this rate, what it held back for a day is in within the hour.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = UpToMillion)]
    public int MessagesPerMinute { get; init; } = 3000;

    /// <summary>
    /// Recipients that one peer names, accepted or refused; 0: no limit, as Postfix's smtpd_client_recipient_rate_limit has it.
    /// Our choice: two for each of <see cref="MessagesPerMinute"/>, since a bounce has one and backscatter from the same peer is refused here.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = UpToMillion)]
    public int RecipientsPerMinute { get; init; } = 6000;

    /// <summary>
    /// Bad commands of one peer, after which its connections are refused; 0: no limit. Refused recipients are none: backscatter is sent by MTAs
    /// whose bounces we want. Our choice: as many as fifteen sessions make that <see cref="SmtpServerOptions.HardErrorLimit"/> ends.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = UpToMillion)]
    public int ErrorsPerMinute { get; init; } = 300;

    /// <summary>
    /// Networks whose connections count towards <see cref="MaxConnections"/> only. Default: this machine, as a local client or
    /// a proxy's health check is no stranger.
    /// </summary>
    [Network]
    public string[] Exempt { get; init; } = ["127.0.0.0/8", "::1/128"];

    /// <summary>
    /// How long messages under way may go on after SIGTERM; the server ends a few seconds later at most. Our choice: as long as Kubernetes
    /// waits before it kills, less those seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "00:00:00 to 01:00:00 (hh:mm:ss)")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
