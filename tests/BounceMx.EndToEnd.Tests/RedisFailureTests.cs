using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A Redis that is closed or wrong stops nothing. One that is gone or fails under load: <see cref="Durability.RedisFaultTests"/>.</summary>
public sealed class RedisFailureTests
{
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
        var bounceAddress = BounceAddress.Of("unlocked@recipient.example");

        (await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("unlocked@recipient.example"))).Code.ShouldBe(250);

        await server.WaitUntilIdleAsync();
        (await redis.ReadStreamAsync(Keys.Events)).ShouldHaveSingleItem()["bounce_address"].ShouldBe(bounceAddress);
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
}
