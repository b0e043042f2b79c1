using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>What Exim writes about its deliveries, and delivers here.</summary>
public sealed class EximTests(EximTests.Route route) : IClassFixture<EximTests.Route>
{
    [Fact]
    public async Task A_recipient_that_is_refused_is_a_hard_bounce() =>
        (await route.EventOfAsync($"bob@{MtaRoute.UnknownDomain}")).ShouldHave(
            ("type", "bounce"),
            ("severity", "hard"),
            ("reason", "user_unknown"),
            ("recipient", $"bob@{MtaRoute.UnknownDomain}"),
            ("recipient_source", "verp"),
            ("action", "failed"),
            ("status", "5.1.1"),
            ("reply", "550"),
            ("command", "RCPT"),
            ("reporting_mta", Mta.HostName),
            ("remote_mta", $"mx.{MtaRoute.UnknownDomain}"),
            ("tags", string.Join('+', MtaRoute.Tags))
        );

    [Fact]
    public async Task A_remote_server_that_is_down_is_a_delay() =>
        (await route.EventOfAsync($"dave@{MtaRoute.DeadDomain}", "FAILURE,DELAY")).ShouldHave(
            ("type", "delay"),
            ("severity", "soft"),
            ("recipient", $"dave@{MtaRoute.DeadDomain}"),
            ("action", "delayed"),
            ("reporting_mta", Mta.HostName)
        );

    [Fact]
    public async Task It_sends_by_BDAT_over_TLS_where_that_is_offered()
    {
        var envelope = (await route.EventOfAsync($"frank@{MtaRoute.UnknownDomain}"))["envelope"].ShouldNotBeNull();

        route.Log.ShouldContain("BDAT");
        ((string?)envelope["tls"]).ShouldNotBeNull().ShouldStartWith("TLSv1.3 ");
    }

    public sealed class Route() : MtaRoute(Mta.StartAsync<Exim>, Setup)
    {
        private static ServerSetup Setup =>
            new()
            {
                Arguments = ["--tls-self-signed"],
                Environment = new Dictionary<string, string> { ["Smtp__Chunking"] = "true" },
            };
    }
}
