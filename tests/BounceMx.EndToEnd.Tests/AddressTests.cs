using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>What RCPT answers: decided before any message is taken.</summary>
public sealed class AddressTests(ServerWithRedis running) : IClassFixture<ServerWithRedis>
{
    [Theory]
    [InlineData($"bounces@{BounceAddress.Domain}")]
    [InlineData($"bounces-weekly@{BounceAddress.Domain}")]
    [InlineData($"bounces+user=recipient.example@{BounceAddress.Domain}")]
    [InlineData($"bounces+user+folder=recipient.example+tag@{BounceAddress.Domain}")]
    [InlineData($"BOUNCES+User=Recipient.Example@{BounceAddress.Domain}")]
    [InlineData($"postmaster@{BounceAddress.Domain}")]
    [InlineData($"Abuse@{BounceAddress.Domain}")]
    [InlineData("Postmaster")]
    public async Task Accepts_its_own_addresses(string recipient) => (await RcptAsync(recipient)).Code.ShouldBe(250);

    [Theory]
    [InlineData("bounces+user=recipient.example@foreign.example")]
    [InlineData("postmaster@foreign.example")]
    public async Task Refuses_to_relay(string recipient) => ShouldBe(await RcptAsync(recipient), 550, "5.7.1");

    [Theory]
    [InlineData($"somebody@{BounceAddress.Domain}")]
    [InlineData($"bounces+nothing@{BounceAddress.Domain}")]
    public async Task Refuses_an_address_that_it_cannot_decode(string recipient) => ShouldBe(await RcptAsync(recipient), 550, "5.1.1");

    [Fact]
    public async Task Accepts_a_bounce_address_of_any_domain_when_none_is_configured()
    {
        await using var server = await BounceMxProcess.StartAsync();

        (
            await server.DeliverAsync("bounces+user=recipient.example@any.example", SampleMail.UserUnknown("user@recipient.example"))
        ).Code.ShouldBe(250);
    }

    private static void ShouldBe(Reply reply, int code, string status)
    {
        reply.Code.ShouldBe(code);
        reply.Text.ShouldStartWith($"{status} ");
    }

    private async Task<Reply> RcptAsync(string recipient)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = await SmtpClient.ConnectAsync(running.Server.SmtpPort, cancellationToken);
        (await client.CommandAsync("MAIL FROM:<>", cancellationToken)).Code.ShouldBe(250);
        return await client.CommandAsync($"RCPT TO:<{recipient}>", cancellationToken);
    }
}
