using System.Diagnostics.Metrics;
using BounceMx.Smtp.Commands;
using BounceMx.Smtp.Metrics;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp;

/// <summary>
/// What the SMTP server counts and times: the meter <c>BounceMx.Smtp</c>. One method for each thing that happens; the connection calls it
/// when it happens and knows no instrument. A call allocates nothing, may come from any thread and never throws.
/// Labels are few and bounded: verbs, reply codes, names of our own replies; nothing that a peer can choose, no address, no domain.
/// It does not export (the host does), and it does not sample: every connection counts.
/// Standards: OpenTelemetry's naming, units in UCUM (<c>By</c>, <c>s</c>, <c>{command}</c>).
/// </summary>
public sealed class SmtpMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "BounceMx.Smtp";

    // From a bounce of one screen to the default limit of 10 MiB, by four.
    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20],
    };

    // An fsync takes from a tenth of a millisecond (cache with a battery) to seconds (a disk in trouble).
    private static readonly InstrumentAdvice<double> ReplyTimes = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    // From a pipelined delivery next door to the deadlines of idleness (5 minutes) and of a body (30 minutes).
    private static readonly InstrumentAdvice<double> SessionTimes = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600],
    };

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _connections;
    private readonly CounterTable _rejected;
    private readonly Histogram<double> _sessionTime;
    private readonly CounterTable _commands;
    private readonly CounterTable _replies;
    private readonly CounterTable _refusals;
    private readonly Counter<long> _input;
    private readonly CounterTable _messages;
    private readonly Histogram<long> _messageSize;
    private readonly Histogram<double> _endOfDataTime;
    private readonly Counter<long> _handshakes;
    private readonly CounterTable _tlsFailures;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter, and owns it.</param>
    public SmtpMetrics(IMeterFactory meters)
        : this((meters ?? throw new ArgumentNullException(nameof(meters))).Create(MeterName)) { }

    private SmtpMetrics(Meter meter)
    {
        _meter = meter;
        _active = meter.CreateUpDownCounter<long>("bouncemx.smtp.active_connections", "{connection}", "Sessions that are open");
        _connections = meter.CreateCounter<long>("bouncemx.smtp.connections", "{connection}", "Connections that became a session");
        _rejected = new CounterTable(
            meter,
            "bouncemx.smtp.rejected_connections",
            "{connection}",
            "Connections refused before a session",
            ReplyTags.Rejections,
            ReplyTags.IsOnConnecting
        );
        _sessionTime = meter.CreateHistogram("bouncemx.smtp.session.duration", "s", "From connect to end", tags: null, SessionTimes);
        _commands = new CounterTable(meter, "bouncemx.smtp.commands", "{command}", "Commands received, by verb", MetricTags.Verbs);
        // Most reply codes are never used.
        _replies = new CounterTable(
            meter,
            "bouncemx.smtp.replies",
            "{reply}",
            "Replies sent, by reply code",
            ReplyTags.Codes,
            showsZero: _ => false
        );
        _refusals = new CounterTable(
            meter,
            "bouncemx.smtp.refusals",
            "{reply}",
            "Replies of class 4 and 5, by what they say",
            ReplyTags.Reasons
        );
        _input = meter.CreateCounter<long>("bouncemx.smtp.input", "By", "Octets received, inside TLS where there is TLS");
        _messages = new CounterTable(
            meter,
            "bouncemx.smtp.messages",
            "{message}",
            "Messages received to their end, by outcome",
            ReplyTags.Outcomes
        );
        _messageSize = meter.CreateHistogram("bouncemx.smtp.message.size", "By", "Size of accepted messages", tags: null, Sizes);
        _endOfDataTime = meter.CreateHistogram(
            "bouncemx.smtp.end_of_data.duration",
            "s",
            "From the end of a message to its reply: the time that it takes to be safe on disk",
            tags: null,
            ReplyTimes
        );
        _handshakes = meter.CreateCounter<long>("bouncemx.smtp.tls.handshakes", "{handshake}", "TLS handshakes completed, by version");
        _tlsFailures = new CounterTable(
            meter,
            "bouncemx.smtp.tls.failures",
            "{handshake}",
            "TLS handshakes that failed, by reason",
            MetricTags.TlsFaults,
            showsZero: row => row != (int)TlsFault.None
        );
    }

    /// <summary>An instance that nobody listens to, for a server without a host.</summary>
    internal static SmtpMetrics Unobserved { get; } = new(new Meter($"{MeterName}.Unobserved"));

    /// <summary>A connection passed the limits: it becomes a session. <see cref="ConnectionEnded"/> must follow, whatever happens.</summary>
    internal void ConnectionOpened()
    {
        _connections.Add(1);
        _active.Add(1);
    }

    /// <summary>A connection was refused in place of the greeting. Whether it was told so is <see cref="ReplySent"/>'s to count.</summary>
    internal void ConnectionRefused(SmtpReply reply) => _rejected.Increment(ReplyTags.ReasonOf(reply));

    /// <summary>A connection was closed without a word, as it did not begin with the PROXY header that was due.</summary>
    internal void ProxyHeaderMissing() => _rejected.Increment(ReplyTags.NoProxyHeader);

    /// <summary>A session is over.</summary>
    /// <param name="end">How it came to its end.</param>
    /// <param name="duration">Since <see cref="ConnectionOpened"/>.</param>
    internal void ConnectionEnded(ConnectionEnd end, TimeSpan duration)
    {
        _active.Add(-1);
        _sessionTime.Record(duration.TotalSeconds, MetricTags.Ends[(int)end]);
    }

    /// <summary>A command line came in, good or bad; <see cref="SmtpVerb.Unknown"/> where no verb could be read.</summary>
    internal void CommandReceived(SmtpVerb verb) => _commands.Increment((int)verb);

    /// <summary>A reply goes out, the greeting and the last words included.</summary>
    internal void ReplySent(SmtpReply reply)
    {
        _replies.Increment(ReplyTags.CodeOf(reply));
        if (!reply.IsPositive)
            _refusals.Increment(ReplyTags.ReasonOf(reply));
    }

    /// <summary>Octets were taken off the connection: commands and messages, once each, as many at a time as is convenient.</summary>
    internal void OctetsReceived(long octets) => _input.Add(octets);

    /// <summary>A message that was received to its end is answered. The reply itself is <see cref="ReplySent"/>'s to count.</summary>
    /// <param name="reply">The reply to the end of data.</param>
    /// <param name="size">Octets of the message as the handler got it.</param>
    /// <param name="duration">From the end of data to the reply.</param>
    internal void MessageAnswered(SmtpReply reply, long size, TimeSpan duration)
    {
        _messages.Increment(ReplyTags.OutcomeOf(reply));
        _endOfDataTime.Record(duration.TotalSeconds);
        if (reply.IsPositive)
            _messageSize.Record(size);
    }

    /// <summary>A TLS handshake is complete, by STARTTLS or at once.</summary>
    internal void TlsHandshakeCompleted(TlsParameters tls) =>
        _handshakes.Add(1, new KeyValuePair<string, object?>("version", tls.Protocol));

    /// <summary>A TLS handshake came to nothing.</summary>
    internal void TlsHandshakeFailed(TlsFault fault) => _tlsFailures.Increment((int)fault);

    /// <summary>Adds the gauge of what the bodies under way hold. Once a server.</summary>
    /// <param name="octets">How much it is now; called on the thread of whoever collects.</param>
    internal void ObserveBodies(Func<long> octets) =>
        _meter.CreateObservableUpDownCounter(
            "bouncemx.smtp.bodies.in_flight",
            octets,
            "By",
            "Octets of messages under way, in memory and on disk"
        );
}
