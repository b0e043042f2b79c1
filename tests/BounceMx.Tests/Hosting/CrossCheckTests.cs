using BounceMx.Hosting;
using Microsoft.Extensions.Configuration;

namespace BounceMx.Tests.Hosting;

public sealed class CrossCheckTests
{
    [Fact]
    public void The_defaults_go_together() => Faults().ShouldBeEmpty();

    [Fact]
    public void BINARYMIME_needs_CHUNKING() =>
        Faults(("Smtp:BinaryMime", "True"))
            .ShouldBe(["Smtp:BinaryMime is \"true\" (command line); allowed: beside Smtp:Chunking \"true\" only"]);

    [Fact]
    public void BINARYMIME_beside_CHUNKING_is_allowed() => Faults(("Smtp:BinaryMime", "true"), ("Smtp:Chunking", "true")).ShouldBeEmpty();

    [Fact]
    public void The_hard_limit_of_errors_is_no_less_than_the_soft_one() =>
        Faults(("Smtp:HardErrorLimit", "9"))
            .ShouldBe([
                "Smtp:HardErrorLimit is \"9\" (command line); allowed: no less than Smtp:SoftErrorLimit, which is \"10\" (default)",
            ]);

    [Fact]
    public void A_network_may_hold_one_message_at_least_or_anything()
    {
        Faults(("Smtp:BodiesPerNetwork", "10485759")).ShouldHaveSingleItem().ShouldStartWith("Smtp:BodiesPerNetwork is \"10485759\"");
        Faults(("Smtp:BodiesPerNetwork", "0")).ShouldBeEmpty();
    }

    [Fact]
    public void Limits_may_be_the_same() => Faults(("Smtp:HardErrorLimit", "10"), ("Smtp:BodiesHardLimit", "134217728")).ShouldBeEmpty();

    [Fact]
    public void The_hard_limit_of_bodies_is_no_less_than_the_soft_one() =>
        Faults(("Smtp:BodiesHardLimit", "134217727")).ShouldHaveSingleItem().ShouldStartWith("Smtp:BodiesHardLimit is \"134217727\"");

    [Fact]
    public void The_hard_limit_of_bodies_is_no_less_than_a_message() =>
        Faults(("Smtp:MaxMessageSize", "268435457"), ("Smtp:BodiesPerNetwork", "0"))
            .ShouldHaveSingleItem()
            .ShouldEndWith("allowed: no less than Smtp:MaxMessageSize, which is \"268435457\" (command line)");

    [Theory]
    [InlineData("BinaryMime", "true", "Smtp:Listeners:tls:BinaryMime is \"true\"")]
    [InlineData("SoftErrorLimit", "21", "Smtp:HardErrorLimit is \"20\" (default); allowed: no less than Smtp:Listeners:tls:SoftErrorLimit")]
    [InlineData(
        "MaxMessageSize",
        "268435457",
        "Smtp:BodiesHardLimit is \"268435456\" (default); allowed: no less than Smtp:Listeners:tls:Max"
    )]
    [InlineData("Tls", "Implicit", "Smtp:Listeners:tls:Tls is \"implicit\"")]
    public void A_listener_is_held_to_what_counts_for_it(string name, string value, string fault) =>
        Faults(("Smtp:BodiesPerNetwork", "0"), ("Smtp:Listeners:tls:Listen", "127.0.0.1:465"), ($"Smtp:Listeners:tls:{name}", value))
            .ShouldHaveSingleItem()
            .ShouldStartWith(fault);

    [Fact]
    public void A_listener_may_mend_what_does_not_go_together_in_another() =>
        Faults(
                ("Smtp:BinaryMime", "true"),
                ("Smtp:Chunking", "true"),
                ("Smtp:Listeners:tls:Listen", "127.0.0.1:465"),
                ("Smtp:Listeners:tls:Chunking", "false"),
                ("Smtp:Listeners:tls:BinaryMime", "false")
            )
            .ShouldBeEmpty();

    [Fact]
    public void What_listeners_have_in_common_is_told_once() =>
        Faults(("Smtp:HardErrorLimit", "9"), ("Smtp:Listen:0", "127.0.0.1:25"), ("Smtp:Listeners:tls:Listen", "127.0.0.1:465"))
            .ShouldHaveSingleItem();

    [Fact]
    public void Implicit_TLS_needs_a_certificate() =>
        Faults(("Smtp:Tls", "implicit")).ShouldHaveSingleItem().ShouldStartWith("Smtp:Tls is \"implicit\" (command line)");

    [Fact]
    public void Implicit_TLS_with_a_certificate_is_allowed() =>
        Faults(("Smtp:Tls", "implicit"), ("Tls:SelfSigned", "true")).ShouldBeEmpty();

    [Fact]
    public void A_certificate_that_cannot_be_read_is_told_with_its_key() =>
        Faults(("Tls:CertificateFiles:0", "/nowhere/fullchain.pem")).ShouldHaveSingleItem().ShouldStartWith("Tls:CertificateFiles:0 ");

    [Theory]
    [InlineData("127.0.0.1:8025")] // where the admin listener is
    [InlineData("*:8025")]
    public void An_endpoint_given_twice_is_told_with_both_keys(string endpoint) =>
        Faults(("Smtp:Listen:0", endpoint))
            .ShouldBe([
                $"Admin:Listen is \"127.0.0.1:8025\" (default); allowed: what does not overlap with Smtp:Listen:0, which is \"{endpoint}\"",
            ]);

    [Fact]
    public void An_admin_listener_that_there_is_not_overlaps_with_nothing() =>
        Faults(("Smtp:Listen:0", "*:8025"), ("Admin:Enabled", "false")).ShouldBeEmpty();

    [Fact]
    public void A_variable_that_names_no_collector_is_told() =>
        Faults(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")).ShouldHaveSingleItem().ShouldStartWith("OTEL_EXPORTER_OTLP_ENDPOINT ");

    [Fact]
    public void A_variable_that_does_not_count_may_be_anything() =>
        Faults(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"), ("Telemetry:OtlpEndpoint", "http://localhost:4317")).ShouldBeEmpty();

    private static IEnumerable<string> Faults(params (string Key, string Value)[] values) =>
        new CrossCheck(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
                .Build()
        )
            .Faults()
            .Select(fault => $"{fault}");
}
