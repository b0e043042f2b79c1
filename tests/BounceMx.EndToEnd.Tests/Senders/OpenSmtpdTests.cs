using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>What OpenSMTPD writes about its deliveries: a multipart/mixed, whose report says 5.0.0 whatever the remote server said.</summary>
public sealed class OpenSmtpdTests(OpenSmtpdTests.Route route) : IClassFixture<OpenSmtpdTests.Route>
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
            ("reporting_mta", Mta.HostName),
            ("tags", string.Join('+', MtaRoute.Tags))
        );

    [Fact]
    public async Task A_remote_server_that_is_down_is_a_delay() =>
        (await route.EventOfAsync($"dave@{MtaRoute.DeadDomain}")).ShouldHave(
            ("type", "delay"),
            ("severity", "soft"),
            ("recipient", $"dave@{MtaRoute.DeadDomain}"),
            ("action", "delayed"),
            ("reporting_mta", Mta.HostName)
        );

    public sealed class Route() : MtaRoute(Mta.StartAsync<OpenSmtpd>);
}
