using BounceMx.Hosting;
using Microsoft.Extensions.Configuration;

namespace BounceMx.Tests.Hosting;

public sealed class ListenSettingsTests
{
    [Fact]
    public void A_named_listener_may_have_one_endpoint() =>
        Named(("Smtp:Listeners:tls:Listen", "127.0.0.1:465")).ShouldBe([("Smtp:Listeners:tls:Listen", "127.0.0.1:465")]);

    [Fact]
    public void A_named_listener_may_have_several_endpoints() =>
        Named(("Smtp:Listeners:tls:Listen:0", "127.0.0.1:465"), ("Smtp:Listeners:tls:Listen:1", "[::1]:465"))
            .ShouldBe([("Smtp:Listeners:tls:Listen:0", "127.0.0.1:465"), ("Smtp:Listeners:tls:Listen:1", "[::1]:465")]);

    [Fact]
    public void All_endpoints_of_a_listener_have_its_options() =>
        SmtpListenerPlan
            .All(
                With(
                    ("Smtp:Listeners:tls:Listen:0", "127.0.0.1:465"),
                    ("Smtp:Listeners:tls:Listen:1", "[::1]:465"),
                    ("Smtp:Listeners:tls:MaxRecipients", "200")
                )
            )
            .Skip(1)
            .ShouldAllBe(listener => listener.Options.MaxRecipients == 200);

    [Fact]
    public void An_endpoint_of_a_higher_source_takes_the_place_of_a_list() =>
        SmtpListenerPlan
            .Endpoints(
                new ConfigurationBuilder()
                    .AddConfiguration(With(("Smtp:Listeners:tls:Listen:0", "127.0.0.1:465"), ("Smtp:Listeners:tls:Listen:1", "[::1]:465")))
                    .AddInMemoryCollection([KeyValuePair.Create("Smtp:Listeners:tls:Listen", (string?)"127.0.0.1:4650")])
                    .Build(),
                "Smtp:Listeners:tls"
            )
            .ShouldBe([("Smtp:Listeners:tls:Listen", "127.0.0.1:4650")]);

    [Theory]
    [InlineData("Smtp:Listeners:tls:Listen", "")]
    [InlineData("Smtp:Listeners:tls:MaxRecipients", "200")]
    public void A_named_listener_without_an_endpoint_is_told(string key, string value) =>
        ConfigurationLoader.Check(With((key, value))).ShouldHaveSingleItem().Key.ShouldBe("Smtp:Listeners:tls:Listen");

    [Theory]
    [InlineData("Smtp:Listeners:tls:Listen")]
    [InlineData("Smtp:Listeners:tls:Listen:0")]
    public void An_endpoint_that_is_none_is_told_with_its_key(string key) =>
        ConfigurationLoader.Check(With((key, "everywhere"))).ShouldHaveSingleItem().Key.ShouldBe(key);

    private static IEnumerable<(string Key, string Endpoint)> Named(params (string Key, string Value)[] values) =>
        SmtpListenerPlan
            .All(With(values))
            .Where(listener => listener.Section != "Smtp")
            .Select(listener => (listener.Key, listener.Endpoint));

    private static IConfigurationRoot With(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Build();
}
