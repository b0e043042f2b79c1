using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Hosting;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Tests.Hosting;

public sealed class ListenEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("127.0.0.1", "0.0.0.0")]
    [InlineData("0.0.0.0", "[::]")]
    [InlineData("[::]", "0.0.0.0")]
    [InlineData("*", "127.0.0.1")]
    [InlineData("[::1]", "*")]
    public void Endpoints_that_cannot_both_be_listened_on_are_found(string one, string other)
    {
        int port = Loopback.FreePort();
        ListenEndpoint.Overlap(ListenEndpoint.Parse($"{one}:{port}"), ListenEndpoint.Parse($"{other}:{port}")).ShouldBeTrue();
        Should
            .Throw<UsageException>(() =>
                ListenEndpoint.EnsureFree([("Smtp:Listen:0", $"{one}:{port}"), ("Admin:Listen", $"{other}:{port}")])
            )
            .Message.ShouldStartWith($"Admin:Listen is \"{other}:{port}\": ");
    }

    [Theory]
    [InlineData("127.0.0.1", "[::1]")]
    [InlineData("0.0.0.0", "[::1]")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    public void Endpoints_that_can_both_be_listened_on_are_left_alone(string one, string other)
    {
        int port = Loopback.FreePort();
        ListenEndpoint.Overlap(ListenEndpoint.Parse($"{one}:{port}"), ListenEndpoint.Parse($"{other}:{port}")).ShouldBeFalse();
        Should.NotThrow(() => ListenEndpoint.EnsureFree([("Smtp:Listen:0", $"{one}:{port}"), ("Smtp:Listen:1", $"{other}:{port}")]));
    }

    [Fact]
    public void An_endpoint_is_free_again_when_it_was_tried()
    {
        (string, string)[] endpoints = [("Smtp:Listen:0", $"*:{Loopback.FreePort()}")];
        ListenEndpoint.EnsureFree(endpoints);
        Should.NotThrow(() => ListenEndpoint.EnsureFree(endpoints));
    }

    [Fact]
    public void Another_port_is_another_endpoint() =>
        ListenEndpoint.Overlap(ListenEndpoint.Parse("*:25"), ListenEndpoint.Parse("127.0.0.1:26")).ShouldBeFalse();

    [Theory]
    [InlineData("127.0.0.1:2525", "127.0.0.1:2525")]
    [InlineData("0.0.0.0:25", "0.0.0.0:25")]
    [InlineData("[::1]:2525", "[::1]:2525")]
    [InlineData("[::]:65535", "[::]:65535")]
    [InlineData("localhost:2525", "127.0.0.1:2525")]
    [InlineData("LOCALHOST:2525", "127.0.0.1:2525")]
    [InlineData("*:2525", "[::]:2525")]
    public void Reads_an_address_and_a_port(string text, string endpoint)
    {
        ListenEndpoint.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ToString().ShouldBe(endpoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":2525")]
    [InlineData("2525")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:25x")]
    [InlineData("::1")]
    [InlineData("::1:2525")]
    [InlineData("[::1]")]
    [InlineData("[::1]2525")]
    [InlineData("mx.example.com:25")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void Refuses_what_is_not_both(string text) => ListenEndpoint.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Takes_any_text_without_a_fault() =>
        Prop.ForAll<string>(text =>
                new[] { text ?? "", $"[{text}]:{text}", $"{text}:25" }.All(given =>
                    !ListenEndpoint.TryParse(given, out var endpoint) || endpoint.Port > 0
                )
            )
            .QuickCheckThrowOnFailure();
}
