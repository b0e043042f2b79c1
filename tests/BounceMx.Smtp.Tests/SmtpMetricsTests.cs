using System.Diagnostics.Metrics;
using System.Reflection;
using BounceMx.Mail;
using BounceMx.Smtp.Commands;
using BounceMx.Smtp.Metrics;
using BounceMx.Smtp.Tests.Fakes;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests;

/// <summary>What is counted, under which names and labels.</summary>
public sealed class SmtpMetricsTests : IDisposable
{
    private readonly MetricRecorder _recorder = new();
    private readonly SmtpMetrics _metrics;

    public SmtpMetricsTests() => _metrics = new SmtpMetrics(_recorder.Factory);

    public static TheoryData<SmtpReply> Refusals =>
        [
            .. typeof(SmtpReplies)
                .GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(property => (SmtpReply)property.GetValue(null)!)
                .Where(reply => !reply.IsPositive),
        ];

    public void Dispose() => _recorder.Dispose();

    [Fact]
    public void A_connection_is_active_until_it_ends()
    {
        _metrics.ConnectionOpened();
        _metrics.ConnectionOpened();
        _metrics.ConnectionEnded(ConnectionEnd.HungUp, TimeSpan.FromSeconds(2.5));

        _recorder.Sums["connections"].ShouldBe(2);
        _recorder.Sums["active_connections"].ShouldBe(1);
    }

    [Fact]
    public void A_session_is_timed_by_how_it_ended()
    {
        _metrics.ConnectionEnded(ConnectionEnd.HungUp, TimeSpan.FromSeconds(2.5));
        _metrics.ConnectionEnded(ConnectionEnd.TimedOut, TimeSpan.FromMinutes(5));

        _recorder.Sums["session.duration{end=hung_up}"].ShouldBe(2.5);
        _recorder.Sums["session.duration{end=timed_out}"].ShouldBe(300);
    }

    [Fact]
    public void A_connection_that_is_refused_is_none_that_is_active()
    {
        _metrics.ConnectionRefused(SmtpReplies.TooManyConnections);

        _recorder.Counted.Keys.ShouldBe(["rejected_connections{reason=too_many_connections}"]);
    }

    [Theory]
    [InlineData(SmtpVerb.Mail, "commands{verb=MAIL}")]
    [InlineData(SmtpVerb.StartTls, "commands{verb=STARTTLS}")]
    [InlineData(SmtpVerb.Unknown, "commands{verb=UNKNOWN}")]
    internal void A_command_is_counted_by_its_verb(SmtpVerb verb, string expected)
    {
        _metrics.CommandReceived(verb);

        _recorder.Sums[expected].ShouldBe(1);
    }

    [Fact]
    public void Every_member_of_an_enum_has_its_label()
    {
        foreach (SmtpVerb verb in Enum.GetValues<SmtpVerb>())
            MetricTags.Verbs[(int)verb].Value.ShouldBe(verb.ToString().ToUpperInvariant());
        foreach (ConnectionEnd end in Enum.GetValues<ConnectionEnd>())
            MetricTags.Ends[(int)end].Value.ShouldBe(MetricTags.Word(end.ToString()));
        foreach (TlsFault fault in Enum.GetValues<TlsFault>())
            MetricTags.TlsFaults[(int)fault].Value.ShouldBe(MetricTags.Word(fault.ToString()));
    }

    [Fact]
    public void A_reply_is_counted_by_its_code()
    {
        _metrics.ReplySent(SmtpReplies.Ok);
        _metrics.ReplySent(SmtpReplies.SenderOk);
        _metrics.ReplySent(SmtpReplies.StartMailInput);

        _recorder.Counted.ShouldBe(
            new Dictionary<string, double> { ["replies{code=250}"] = 2, ["replies{code=354}"] = 1 },
            ignoreOrder: true
        );
    }

    [Fact]
    public void Refusals_that_share_a_code_are_told_apart()
    {
        _metrics.ReplySent(SmtpReplies.NoRelaying);
        _metrics.ReplySent(SmtpReplies.BadSignature);

        _recorder.Sums["replies{code=550}"].ShouldBe(2);
        _recorder.Sums["refusals{reason=no_relaying}"].ShouldBe(1);
        _recorder.Sums["refusals{reason=bad_signature}"].ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Every_refusal_of_the_server_has_a_reason(SmtpReply refusal) => ReplyTags.ReasonOf(refusal).ShouldBePositive();

    [Theory]
    [InlineData(554, 554)]
    [InlineData(200, 200)]
    [InlineData(599, 599)]
    [InlineData(199, 0)]
    [InlineData(600, 0)]
    [InlineData(-1, 0)]
    public void A_reply_of_a_handler_s_own_cannot_make_a_label(int code, int label)
    {
        var reply = new SmtpReply(new ReplyCode(code), null, "from <mallory@mail.example>");

        ReplyTags.Codes[ReplyTags.CodeOf(reply)].Value.ShouldBe(label);
        ReplyTags.Reasons[ReplyTags.ReasonOf(reply)].Value.ShouldBe("other");
    }

    [Fact]
    public void A_message_is_counted_by_its_outcome_and_its_answer_timed()
    {
        _metrics.MessageAnswered(SmtpReplies.Accepted, 4096, TimeSpan.FromMilliseconds(3));
        _metrics.MessageAnswered(SmtpReplies.SystemFull, 100, TimeSpan.FromMilliseconds(5));
        _metrics.MessageAnswered(SmtpReplies.MessageTooLarge, 100_000_000, TimeSpan.FromMilliseconds(1));

        _recorder.Sums["messages{outcome=accepted}"].ShouldBe(1);
        _recorder.Sums["messages{outcome=deferred}"].ShouldBe(1);
        _recorder.Sums["messages{outcome=refused}"].ShouldBe(1);
        _recorder.Sums["end_of_data.duration"].ShouldBe(0.009, tolerance: 1e-9);
    }

    [Fact]
    public void The_size_is_that_of_accepted_messages()
    {
        _metrics.MessageAnswered(SmtpReplies.Accepted, 4096, TimeSpan.Zero);
        _metrics.MessageAnswered(SmtpReplies.MessageTooLarge, 100_000_000, TimeSpan.Zero);

        _recorder.Sums["message.size"].ShouldBe(4096);
    }

    [Fact]
    public void Octets_are_added_up()
    {
        _metrics.OctetsReceived(7);
        _metrics.OctetsReceived(long.MaxValue / 2);

        _recorder.Sums["input"].ShouldBe(7 + (long.MaxValue / 2));
    }

    [Fact]
    public void A_handshake_is_counted_by_version()
    {
        _metrics.TlsHandshakeCompleted(Tls);

        _recorder.Sums["tls.handshakes{version=TLSv1.3}"].ShouldBe(1);
    }

    [Fact]
    public void A_handshake_that_fails_is_counted_by_reason()
    {
        _metrics.TlsHandshakeFailed(TlsFault.TimedOut);

        _recorder.Sums["tls.failures{reason=timed_out}"].ShouldBe(1);
    }

    [Fact]
    public void What_an_alarm_may_be_set_on_is_there_as_0_from_the_start()
    {
        _recorder.Sums.Keys.ShouldBe(
            [
                .. Labelled("commands", MetricTags.Verbs),
                .. Labelled("refusals", ReplyTags.Reasons),
                "rejected_connections{reason=too_many_connections}",
                "rejected_connections{reason=too_many_peer_connections}",
                "rejected_connections{reason=too_many_peer_errors}",
                "rejected_connections{reason=too_much_in_transit}",
                "rejected_connections{reason=no_handler}",
                "rejected_connections{reason=no_proxy_header}",
                "messages{outcome=accepted}",
                "messages{outcome=deferred}",
                "messages{outcome=refused}",
                "tls.failures{reason=failed}",
                "tls.failures{reason=hung_up}",
                "tls.failures{reason=timed_out}",
            ],
            ignoreOrder: true
        );
        _recorder.Counted.ShouldBeEmpty();
    }

    [Fact]
    public void A_connection_without_the_PROXY_header_that_was_due_is_counted_as_such()
    {
        _metrics.ProxyHeaderMissing();

        _recorder.Counted.Keys.ShouldHaveSingleItem().ShouldBe("rejected_connections{reason=no_proxy_header}");
    }

    [Fact]
    public void The_octets_of_bodies_under_way_are_asked_for_when_somebody_looks()
    {
        long held = 0;
        _metrics.ObserveBodies(() => held);
        held = 65536;

        _recorder.Sums["bodies.in_flight"].ShouldBe(65536);
    }

    [Fact]
    public void Every_instrument_has_a_name_of_ours_a_unit_and_a_description()
    {
        _metrics.ObserveBodies(() => 0);

        _recorder.Instruments.Count.ShouldBe(14);
        _recorder.Instruments.ShouldAllBe(instrument => instrument.Name.StartsWith("bouncemx.smtp."));
        _recorder.Instruments.ShouldAllBe(instrument => instrument.Unit == "s" || instrument.Unit == "By" || instrument.Unit![0] == '{');
        _recorder.Instruments.ShouldAllBe(instrument => instrument.Description!.Length > 0);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        using var silent = new MeterListener();
        silent.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _recorder.Factory))
                listener.EnableMeasurementEvents(instrument);
        };
        silent.Start();
        _recorder.Pause();
        PlaySession(_metrics);

        long before = GC.GetAllocatedBytesForCurrentThread();
        PlaySession(_metrics);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static IEnumerable<string> Labelled(string name, IEnumerable<KeyValuePair<string, object?>> labels) =>
        labels.Select(label => $"{name}{{{label.Key}={label.Value}}}");

    private static TlsParameters Tls { get; } = new("TLSv1.3", "TLS_AES_256_GCM_SHA384");

    private static void PlaySession(SmtpMetrics metrics)
    {
        metrics.ConnectionOpened();
        metrics.CommandReceived(SmtpVerb.Rcpt);
        metrics.OctetsReceived(100);
        metrics.ReplySent(SmtpReplies.NoRelaying);
        metrics.MessageAnswered(SmtpReplies.Accepted, 1000, TimeSpan.FromSeconds(1));
        metrics.TlsHandshakeCompleted(Tls);
        metrics.TlsHandshakeFailed(TlsFault.Failed);
        metrics.ConnectionRefused(SmtpReplies.TooManyConnections);
        metrics.ConnectionEnded(ConnectionEnd.Closed, TimeSpan.FromSeconds(1));
    }
}
