using BounceMx.Hosting;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Tests.Hosting;

public sealed class ListenEndpointTests
{
    [Fact]
    public void An_endpoint_given_twice_is_told_with_its_key() =>
        Should
            .Throw<UsageException>(() =>
                ListenEndpoint.EnsureFree([("Smtp:Listen:0", "127.0.0.1:45991"), ("Admin:Listen", "localhost:45991")])
            )
            .Message.ShouldStartWith("Admin:Listen is \"localhost:45991\": given twice");

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
