using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A Redis that is down, slow, wrong or closed delays publishing and nothing else. <c>BOUNCEMX_OUTAGE</c>: seconds (6 when unset).</summary>
public sealed class RedisFailureTests
{
    private const int Connections = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    [Fact]
    public Task Every_250_keeps_coming_while_Redis_is_frozen() =>
        EverythingArrivesOnceAsync(
            redis =>
            {
                redis.Freeze();
                return Task.CompletedTask;
            },
            redis =>
            {
                redis.Thaw();
                return Task.CompletedTask;
            }
        );

    [Fact]
    public Task Every_250_keeps_coming_while_Redis_is_gone() =>
        EverythingArrivesOnceAsync(redis => redis.KillAsync(), redis => redis.StartAgainAsync());

    [Fact]
    public async Task Starts_and_takes_mail_before_Redis_does()
    {
        await using var redis = await RedisProcess.StartAsync();
        await redis.KillAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var load = new Load("early");

        await load.RunForAsync(server.SmtpPort, Connections, Pace, TimeSpan.FromSeconds(1));
        await redis.StartAgainAsync();

        load.Refusals.ShouldBeEmpty();
        (await Books.CloseAsync(server, redis, load)).ShouldBalance();
    }

    [Fact]
    public async Task A_wrong_password_is_named_in_the_log_and_stops_nothing()
    {
        await using var redis = await RedisProcess.StartAsync(password: "the-right-one");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = $"{redis.Address},password=the-wrong-one" });
        var bounceAddress = BounceAddress.Of("locked@recipient.example");

        (await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("locked@recipient.example"))).Code.ShouldBe(250);

        await server.JournalledAsync(bounceAddress);
        await server.LoggedAsync("authentication", "WRONGPASS", "NOAUTH", "password");
        server.StandardError.ToString().ShouldNotContain("the-wrong-one");
    }

    [Fact]
    public async Task The_right_password_opens_Redis()
    {
        await using var redis = await RedisProcess.StartAsync(password: "the-right-one");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = $"{redis.Address},password=the-right-one" });
        var load = new Load("unlocked");

        await load.RunForAsync(server.SmtpPort, 1, Pace, TimeSpan.FromSeconds(0.5));

        (await Books.CloseAsync(server, redis, load)).ShouldBalance();
    }

    [Fact]
    public async Task A_key_of_the_wrong_type_is_alarmed_and_the_journal_goes_on()
    {
        await using var redis = await RedisProcess.StartAsync();
        await redis.ExecuteAsync("SET", Keys.Events, "not a stream");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var bounceAddress = BounceAddress.Of("blocked@recipient.example");

        (await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("blocked@recipient.example"))).Code.ShouldBe(250);

        await server.JournalledAsync(bounceAddress);
        await server.LoggedAsync("WRONGTYPE");
        await redis.ExecuteAsync("DEL", Keys.Events);
        await server.WaitUntilIdleAsync();
        (await redis.ReadStreamAsync(Keys.Events)).ShouldHaveSingleItem()["bounce_address"].ShouldBe(bounceAddress);
    }

    private static async Task EverythingArrivesOnceAsync(Func<RedisProcess, Task> takeAway, Func<RedisProcess, Task> bringBack)
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var load = new Load("outage");
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(server.SmtpPort, Connections, Pace, stop.Token);

        await load.MoreAcknowledgedAsync(50);
        await takeAway(redis);
        var before = load.Acknowledged.Count;
        await Task.Delay(Settings.Outage);
        var meanwhile = load.Acknowledged.Count - before;
        await bringBack(redis);
        await load.MoreAcknowledgedAsync(50);
        await stop.CancelAsync();
        await running;

        var books = await Books.CloseAsync(server, redis, load);
        TestContext.Current.SendDiagnosticMessage("Redis away for {0}: {1} of them meanwhile", Settings.Outage, $"{books}, {meanwhile}");
        load.Refusals.ShouldBeEmpty();
        meanwhile.ShouldBeGreaterThan(Connections, "no 250 came while Redis was away");
        books.ShouldBalance();
    }
}
