using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;

namespace BounceMx.Tests.Publishing;

/// <summary>What a redis-server says no to: itself, or one event.</summary>
public sealed class RedisErrorTests : RedisSinkFixture
{
    [Theory]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'. script: 5bd, on @user_script:2.")]
    [InlineData("ERR Error running script (call to f_5bd): @user_script:2: -OOM command not allowed when used memory > 'maxmemory'.")]
    [InlineData(
        "ERR Error running script (call to f_5bd): @user_script: 2: WRONGTYPE Operation against a key holding the wrong kind of value"
    )]
    [InlineData("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.")]
    [InlineData("READONLY You can't write against a read only replica. script: 5bd, on @user_script:3.")]
    [InlineData("LOADING Redis is loading the dataset in memory")]
    [InlineData("NOSCRIPT No matching script. Please use EVAL.")]
    [InlineData("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.")]
    [InlineData("NOREPLICAS Not enough good replicas to write.")]
    [InlineData("CROSSSLOT Keys in request don't hash to the same slot")]
    [InlineData("NOAUTH Authentication required.")]
    [InlineData("NOPERM User default has no permissions to run the 'evalsha' command")]
    [InlineData("ERR max number of clients reached")]
    public void An_error_about_the_server_is_known_with_what_to_do(string answer) => RedisErrors.MeaningOf(answer).ShouldNotBeNull();

    [Theory]
    [InlineData("ERR The stream has exhausted the last possible ID, unable to add more items script: 5bd, on @user_script:2.")]
    [InlineData("ERR the word OOM stands in an answer to one call")]
    [InlineData("OOMPH")]
    public void Any_other_answer_is_about_the_event_that_it_answers(string answer) => RedisErrors.MeaningOf(answer).ShouldBeNull();

    [Fact]
    public void Silence_refuses_no_event() => RedisErrors.IsRefusal(new TimeoutException()).ShouldBeFalse();

    [Fact]
    public async Task An_event_that_one_stream_does_not_take_is_refused_and_the_others_are_taken()
    {
        await Redis.ExecuteAsync("XADD", "bounces:quarantine", $"{ulong.MaxValue}-{ulong.MaxValue}", "the", "end");
        StoredEvent refused = Outgoing(Sample.Event("b") with { Type = EventTypes.Other });

        IReadOnlyList<EventRefusal> refusals = await Open().PublishAsync([Outgoing("a"), refused, Outgoing("c")], CancellationToken.None);

        EventRefusal refusal = refusals.ShouldHaveSingleItem();
        refusal.Event.ShouldBe(refused);
        refusal.Error.ShouldContain("exhausted the last possible ID");
        (await IdsAsync()).ShouldBe(["a", "c"]);
    }

    [Fact]
    public void A_fault_of_ours_refuses_its_event() => RedisErrors.IsRefusal(new InvalidOperationException("a bug")).ShouldBeTrue();

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    public async Task An_event_that_cannot_be_read_is_refused(string data)
    {
        var broken = new StoredEvent(7, data);
        (await Open().PublishAsync([Outgoing("a"), broken], CancellationToken.None)).ShouldHaveSingleItem().Event.ShouldBe(broken);
    }

    [Fact]
    public async Task A_full_Redis_is_named_with_what_to_do()
    {
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        (await Should.ThrowAsync<SinkException>(Open().PublishAsync([Outgoing("a")], CancellationToken.None))).Message.ShouldStartWith(
            "Redis: maxmemory is reached"
        );
    }

    [Fact]
    public Task A_replica_is_written_to_again_once_it_is_master() =>
        GoesOnAsync(() => Redis.ExecuteAsync("REPLICAOF", "127.0.0.1", "1"), () => Redis.ExecuteAsync("REPLICAOF", "NO", "ONE"));

    [Fact]
    public Task A_Redis_that_cannot_save_is_written_to_again_once_it_can() =>
        GoesOnAsync(
            async () =>
            {
                await Redis.ExecuteAsync("CONFIG", "SET", "appendonly", "no");
                await Redis.ExecuteAsync("CONFIG", "SET", "save", "3600 1");
                string folder = (string)((object?[])(await Redis.ExecuteAsync("CONFIG", "GET", "dir"))!)[1]!;
                // A folder in the place of the file that is to be written.
                Directory.CreateDirectory(Path.Combine(folder, "dump.rdb", "in the way"));
                await Should.ThrowAsync<InvalidOperationException>(Redis.ExecuteAsync("SAVE"));
                await Redis.ExecuteAsync("BGSAVE");
                await Eventually.TrueAsync(
                    "a failed save",
                    async () => ((string)(await Redis.ExecuteAsync("INFO", "persistence"))!).Contains("rdb_last_bgsave_status:err")
                );
            },
            () => Redis.ExecuteAsync("CONFIG", "SET", "stop-writes-on-bgsave-error", "no")
        );

    [Fact]
    public Task A_Redis_whose_password_was_changed_is_written_to_again_once_it_is_right() =>
        GoesOnAsync(
            async () =>
            {
                // One connection for both: the next would be asked for the password.
                using RedisConnection admin = await RedisConnection.ConnectAsync(Redis.Port, password: null);
                await admin.ExecuteAsync("CONFIG", "SET", "requirepass", "another");
                await admin.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            },
            async () =>
            {
                using RedisConnection admin = await RedisConnection.ConnectAsync(Redis.Port, "another");
                await admin.ExecuteAsync("CONFIG", "SET", "requirepass", "");
            }
        );

    [Fact]
    public Task A_paused_Redis_is_written_to_again_once_it_goes_on() =>
        GoesOnAsync(() => Redis.ExecuteAsync("CLIENT", "PAUSE", "1500", "ALL"), () => Task.CompletedTask);

    // A batch goes out before, meanwhile (in vain, many times over) and after.
    private async Task GoesOnAsync(Func<Task> takeAway, Func<Task> bringBack)
    {
        RedisStreamSink sink = Open(new RedisOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        await PublishWithRetriesAsync(sink, Outgoing("a"));
        await takeAway();
        for (int tries = 0; tries < 3; tries++)
            await Should.ThrowAsync<SinkException>(sink.PublishAsync([Outgoing("b"), Outgoing("c")], CancellationToken.None));
        await bringBack();

        (await PublishWithRetriesAsync(sink, Outgoing("b"), Outgoing("c"))).ShouldBeEmpty();

        (await IdsAsync()).Order().ShouldBe(["a", "b", "c"]);
    }
}
