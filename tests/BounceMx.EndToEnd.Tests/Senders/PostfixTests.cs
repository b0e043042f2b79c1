using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>What Postfix writes about its deliveries, and delivers here.</summary>
public sealed class PostfixTests(PostfixTests.Route route) : IClassFixture<PostfixTests.Route>
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
    public async Task A_message_that_is_refused_is_a_block() =>
        (await route.EventOfAsync($"carol@{MtaRoute.ContentDomain}")).ShouldHave(
            ("type", "bounce"),
            ("severity", "block"),
            ("reason", "spam_detected"),
            ("recipient", $"carol@{MtaRoute.ContentDomain}"),
            ("status", "5.7.1"),
            ("reply", "554"),
            ("command", "DATA"),
            ("remote_mta", $"mx.{MtaRoute.ContentDomain}")
        );

    [Fact]
    public async Task A_remote_server_that_is_down_is_a_delay() =>
        (await route.EventOfAsync($"dave@{MtaRoute.DeadDomain}", "FAILURE,DELAY")).ShouldHave(
            ("type", "delay"),
            ("severity", "soft"),
            ("reason", "network_error"),
            ("recipient", $"dave@{MtaRoute.DeadDomain}"),
            ("action", "delayed"),
            ("status", "4.4.1"),
            ("reporting_mta", Mta.HostName)
        );

    [Theory]
    [InlineData(Postfix.LocalDomain, "delivered")]
    [InlineData(MtaRoute.RelayedDomain, "relayed")]
    public async Task A_success_that_was_asked_for_is_delivered(string domain, string action) =>
        (await route.EventOfAsync($"erin@{domain}", "SUCCESS")).ShouldHave(
            ("type", "delivered"),
            ("severity", "none"),
            ("reason", "delivered"),
            ("recipient", $"erin@{domain}"),
            ("action", action)
        );

    [Fact]
    public async Task It_sends_over_TLS_where_that_is_offered()
    {
        var envelope = (await route.EventOfAsync($"frank@{MtaRoute.UnknownDomain}"))["envelope"].ShouldNotBeNull();

        ((string?)envelope["tls"]).ShouldNotBeNull().ShouldStartWith("TLSv1.3 ");
    }

    [Fact]
    public async Task An_address_that_its_own_VERP_makes_is_read() =>
        (await route.EventOfMintedByMtaAsync($"gina@{MtaRoute.UnknownDomain}", "XVERP=+=")).ShouldHave(
            ("type", "bounce"),
            ("reason", "user_unknown"),
            ("recipient", $"gina@{MtaRoute.UnknownDomain}"),
            ("recipient_source", "verp")
        );

    public sealed class Route() : MtaRoute(Mta.StartAsync<Postfix>, new ServerSetup { Arguments = ["--tls-self-signed"] });
}
