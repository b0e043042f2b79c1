using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Pipeline;
using BounceMx.Publishing;

namespace BounceMx.Tests.Publishing;

/// <summary>The sink against a redis-server of its own.</summary>
public sealed class RedisStreamSinkTests : RedisSinkFixture
{
    [Fact]
    public async Task Every_field_that_has_a_value_stands_on_the_stream()
    {
        BounceEvent full = Full("a");
        await Open().PublishAsync([Outgoing(full)], CancellationToken.None);

        var entry = (await EventsAsync()).ShouldHaveSingleItem();
        entry["data"].ShouldBe(EventJson.Write(full));
        entry
            .Where(field => field.Key != "data")
            .Select(field => $"{field.Key}={field.Value}")
            .ShouldBe(
                [
                    "id=a",
                    "type=bounce",
                    "severity=hard",
                    "reason=user_unknown",
                    "advice=remove",
                    "recipient=user@recipient.test",
                    "recipient_hash=v3m0k5d1r8c2q7t4",
                    "recipient_source=verp",
                    "action=failed",
                    "status=5.1.1",
                    "reply=550",
                    "diagnostic=550 5.1.1 Unbekannt: jörg",
                    "remote_mta=mx.recipient.test",
                    "reporting_mta=mx.sender.test",
                    "command=RCPT",
                    "tags=campaign42+shop",
                    "stream=news",
                    "bounce_address=bounces+user=recipient.test+campaign42+shop@bounces.test",
                    "trust=likely",
                    "rule=status",
                    "occurred_at=2026-11-22T09:14:04.250Z",
                    "received_at=2026-11-22T09:14:05.000Z",
                    "message_id=42@sender.test",
                    "feedback_id=42:news:sender",
                    "list_id=news.sender.test",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Fields_without_a_value_are_left_out()
    {
        BounceEvent bare = Sample.Event("a") with { Recipient = null, RecipientSource = null, Action = null, Status = null, Reply = "" };
        await Open().PublishAsync([Outgoing(bare with { Tags = null })], CancellationToken.None);
        (await EventsAsync())
            .ShouldHaveSingleItem()
            .Keys.ShouldBe(
                ["id", "type", "severity", "reason", "advice", "trust", "rule", "occurred_at", "received_at", "data"],
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData("bounce", "likely", "bounces:events")]
    [InlineData("complaint", "unproven", "bounces:events")]
    [InlineData("other", "unproven", "bounces:quarantine")]
    [InlineData("bounce", "suspect", "bounces:quarantine")]
    public async Task What_nobody_should_act_on_unseen_goes_into_quarantine(string type, string trust, string stream)
    {
        await Open().PublishAsync([Outgoing(Sample.Event("a") with { Type = type, Trust = trust })], CancellationToken.None);
        (await KeysAsync()).ShouldBe(["bounces:dedup:a", stream]);
    }

    [Fact]
    public async Task The_keys_begin_with_the_configured_prefix()
    {
        await Open(new RedisOptions { Prefix = "{shop}:mail" }).PublishAsync([Outgoing("a")], CancellationToken.None);
        (await KeysAsync()).ShouldBe(["{shop}:mail:dedup:a", "{shop}:mail:events"]);
    }

    [Fact]
    public async Task The_order_of_a_batch_is_the_order_of_the_stream()
    {
        string[] ids = [.. Enumerable.Range(0, 500).Select(i => $"{i:d3}")];
        await Open().PublishAsync([.. ids.Select(Outgoing)], CancellationToken.None);
        (await IdsAsync()).ShouldBe(ids);
    }

    [Fact]
    public async Task An_event_published_twice_is_one_entry()
    {
        RedisStreamSink sink = Open();
        await sink.PublishAsync([Outgoing("a"), Outgoing("a")], CancellationToken.None);
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        (await IdsAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task An_event_published_by_two_nodes_is_one_entry()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Open().PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None)));
        (await IdsAsync()).Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_batch_that_was_taken_by_half_is_completed()
    {
        RedisStreamSink sink = Open();
        await sink.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None);
        await sink.PublishAsync([Outgoing("a"), Outgoing("b"), Outgoing("c"), Outgoing("d")], CancellationToken.None);
        (await IdsAsync()).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_key_of_another_type_marks_nothing_as_published()
    {
        await Redis.ExecuteAsync("SET", "bounces:events", "in the way");
        RedisStreamSink sink = Open();
        (await Should.ThrowAsync<SinkException>(sink.PublishAsync([Outgoing("a")], CancellationToken.None))).Message.ShouldContain(
            "WRONGTYPE"
        );

        await Redis.ExecuteAsync("DEL", "bounces:events");
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        (await IdsAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_full_Redis_marks_nothing_as_published()
    {
        RedisStreamSink sink = Open();
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        (await Should.ThrowAsync<SinkException>(sink.PublishAsync([Outgoing("b")], CancellationToken.None))).Message.ShouldContain("OOM");

        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await sink.PublishAsync([Outgoing("b")], CancellationToken.None);
        (await IdsAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Scripts_that_the_server_forgot_are_sent_again()
    {
        RedisStreamSink sink = Open();
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        await Redis.ExecuteAsync("SCRIPT", "FLUSH");
        await PublishWithRetriesAsync(sink, Outgoing("b"), Outgoing("c"));
        (await IdsAsync()).Order().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_server_that_was_killed_and_started_again_gets_what_is_missing()
    {
        RedisStreamSink sink = Open();
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        await Redis.KillAsync();
        await Should.ThrowAsync<Exception>(sink.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None));

        await Redis.StartAgainAsync();
        await PublishWithRetriesAsync(sink, Outgoing("a"), Outgoing("b"));
        (await IdsAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_server_that_is_down_at_first_is_found_later()
    {
        await Redis.KillAsync();
        RedisStreamSink sink = Open();
        await Should.ThrowAsync<Exception>(sink.PublishAsync([Outgoing("a")], CancellationToken.None));

        await Redis.StartAgainAsync();
        await PublishWithRetriesAsync(sink, Outgoing("a"));
        (await IdsAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_costs_no_more_than_the_time_out()
    {
        RedisStreamSink sink = Open(new RedisOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        await PublishWithRetriesAsync(sink, Outgoing("a"));
        Redis.Freeze();
        try
        {
            await Should.ThrowAsync<SinkException>(sink.PublishAsync([Outgoing("b")], CancellationToken.None));
        }
        finally
        {
            Redis.Thaw();
        }
        await PublishWithRetriesAsync(sink, Outgoing("b"));
        (await IdsAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_wrong_password_is_named_as_such()
    {
        await using RedisProcess locked = await RedisProcess.StartAsync("right");
        RedisStreamSink sink = Open(new RedisOptions { Configuration = $"{locked.Address},password=wrong" });
        var said = new List<string>();
        // The first try may end before the server's answer to AUTH; the runner tries again, and so does this test.
        await Eventually.TrueAsync(
            "the word authentication",
            async () =>
            {
                said.Add((await Should.ThrowAsync<Exception>(sink.PublishAsync([Outgoing("a")], CancellationToken.None))).Message);
                return said.Concat(Log.Lines).Any(line => line.Contains("Authentication", StringComparison.OrdinalIgnoreCase));
            },
            () => string.Join('\n', said)
        );
        said.Concat(Log.Lines).ShouldNotContain(line => line.Contains("password=wrong"));
    }

    [Fact]
    public async Task The_right_password_opens()
    {
        await using RedisProcess locked = await RedisProcess.StartAsync("right");
        RedisStreamSink sink = Open(new RedisOptions { Configuration = $"{locked.Address},password=right" });
        await sink.PublishAsync([Outgoing("a")], CancellationToken.None);
        (await locked.ReadStreamAsync("bounces:events")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_is_trimmed_to_about_its_length()
    {
        RedisStreamSink sink = Open(new RedisOptions { MaxLength = 100 });
        await sink.PublishAsync([.. Enumerable.Range(0, 500).Select(i => Outgoing($"{i:d3}"))], CancellationToken.None);
        IReadOnlyList<string> ids = await IdsAsync();
        // "~" trims by whole nodes of 100 entries, stream-node-max-entries' default.
        ids.Count.ShouldBeInRange(100, 299);
        ids[^1].ShouldBe("499");
    }

    [Fact]
    public async Task An_id_is_remembered_for_the_configured_time()
    {
        await Open(new RedisOptions { DeduplicationWindow = TimeSpan.FromHours(2) }).PublishAsync([Outgoing("a")], CancellationToken.None);
        ((long)(await Redis.ExecuteAsync("TTL", "bounces:dedup:a"))!).ShouldBeInRange(7100, 7200);
    }

    private static BounceEvent Full(string id) =>
        Sample.Event(id) with
        {
            Diagnostic = "550 5.1.1 Unbekannt: jörg",
            RemoteMta = "mx.recipient.test",
            ReportingMta = "mx.sender.test",
            Command = "RCPT",
            RecipientHash = "v3m0k5d1r8c2q7t4",
            Stream = "news",
            BounceAddress = "bounces+user=recipient.test+campaign42+shop@bounces.test",
            OccurredAt = Sample.Received.AddMilliseconds(-750),
            MessageId = "42@sender.test",
            FeedbackId = "42:news:sender",
            ListId = "news.sender.test",
        };

    private async Task<IEnumerable<string>> KeysAsync() =>
        ((object?[])(await Redis.ExecuteAsync("KEYS", "*"))!).Cast<string>().Order(StringComparer.Ordinal);
}
