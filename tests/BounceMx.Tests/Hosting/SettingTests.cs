using BounceMx.Hosting;
using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Smtp;
using BounceMx.Storage;
using Microsoft.Extensions.Configuration;

namespace BounceMx.Tests.Hosting;

public sealed class SettingTests
{
    /// <summary>The settings that have a default.</summary>
    public static TheoryData<string> Keys => [.. Settings.All.Where(setting => setting.Default.Length > 0).Select(setting => setting.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_default_is_allowed(string key)
    {
        Setting setting = Find(key);
        IEnumerable<(string Key, string Value)> values = setting.IsList
            ? setting.Default.Split(' ').Select((entry, i) => ($"{key}:{i}", entry))
            : [(key, setting.Default)];
        values.ShouldAllBe(value => setting.Check(value.Key, value.Value) == null);
    }

    [Fact]
    public void Defaults_are_what_the_documentation_says() =>
        Settings
            .All.Where(setting => setting.Key != "Smtp:HostName")
            .Select(setting => $"{setting.Key} = {setting.Default}".TrimEnd())
            .ShouldBe([
                "Smtp:Address = 127.0.0.1",
                "Smtp:Port = 2525",
                "Smtp:Listen =",
                "Smtp:MaxMessageSize = 10485760",
                "Smtp:MaxRecipients = 1000",
                "Smtp:MaxMessages = 1000",
                "Smtp:Tls = starttls",
                "Smtp:Chunking = false",
                "Smtp:BinaryMime = false",
                "Smtp:ProxyNetworks =",
                "Smtp:HandshakeTimeout = 00:00:30",
                "Smtp:GreetingTimeout = 00:05:00",
                "Smtp:StressTimeout = 00:00:10",
                "Smtp:GreetingDelay = 00:00:00",
                "Smtp:IdleTimeout = 00:05:00",
                "Smtp:BodyTimeout = 00:30:00",
                "Smtp:MinBodyRate = 500",
                "Smtp:BodyRateGrace = 00:01:00",
                "Smtp:SoftErrorLimit = 10",
                "Smtp:HardErrorLimit = 20",
                "Smtp:ErrorDelay = 00:00:01",
                "Smtp:JunkCommandLimit = 100",
                "Smtp:RefuseBareLineEnds = false",
                "Smtp:MaxConnections = 2000",
                "Smtp:MaxConnectionsPerAddress = 20",
                "Smtp:MaxConnectionsPerNetwork = 40",
                "Smtp:MessagesPerMinute = 3000",
                "Smtp:RecipientsPerMinute = 6000",
                "Smtp:ErrorsPerMinute = 300",
                "Smtp:Exempt = 127.0.0.0/8 ::1/128",
                "Smtp:DrainTimeout = 00:00:20",
                "Smtp:BodiesSoftLimit = 134217728",
                "Smtp:BodiesHardLimit = 268435456",
                "Smtp:BodiesPerNetwork = 33554432",
                "Tls:CertificateFiles =",
                "Tls:KeyFiles =",
                "Tls:SelfSigned = false",
                "Verp:Prefix = bounces",
                "Verp:Delimiters = +=",
                "Verp:Domains =",
                "Verp:KeyFile =",
                "Verp:Keys =",
                "Verp:MaxAge = 30.00:00:00",
                "Verp:Templates =",
                "Verp:Streams =",
                "Verp:SenderDomains =",
                "Verp:Unsigned =",
                "Verp:Expired =",
                "Verp:BadlySigned =",
                "Storage:Folder = data",
                "Storage:RetainFor = 30.00:00:00",
                "Storage:RetainOctets = 2147483648",
                "Storage:Reserve = 268435456",
                "Storage:Check = quick",
                "Pipeline:Workers = 0",
                "Pipeline:Capacity = 1024",
                "Classification:RulesFolder =",
                "Classification:Severities =",
                "Journal:Enabled = true",
                "Journal:Console = auto",
                "Redis:Configuration =",
                "Redis:Prefix = bounces",
                "Redis:MaxLength = 1000000",
                "Redis:DeduplicationWindow = 7.00:00:00",
                "Redis:Timeout = 00:00:05",
                "Sinks:MaxLag = 00:05:00",
                "Sinks:MaxLagEvents = 1000000",
                "Admin:Listen = 127.0.0.1:8025",
                "Admin:Enabled = true",
                "Telemetry:OtlpEndpoint =",
                "Telemetry:OtlpProtocol =",
                "Telemetry:ExportInterval =",
            ]);

    [Theory]
    [InlineData("Smtp:Port", "1")]
    [InlineData("Smtp:Port", "65535")]
    [InlineData("Smtp:Address", "*")]
    [InlineData("Smtp:Address", "[::]")]
    [InlineData("Smtp:Listen:0", "127.0.0.1:25")]
    [InlineData("Smtp:RefuseBareLineEnds", "True")]
    [InlineData("Smtp:IdleTimeout", "00:10:00")]
    [InlineData("Verp:Domains:3", "bounces.example.com")]
    [InlineData("Classification:Severities:mailbox_full", "hard")]
    [InlineData("Journal:Console", "ON")]
    [InlineData("Redis:DeduplicationWindow", "30.00:00:00")]
    [InlineData("Redis:Configuration", "")]
    [InlineData("Telemetry:OtlpEndpoint", "")]
    [InlineData("Telemetry:OtlpEndpoint", "http://localhost:4317")]
    [InlineData("Telemetry:OtlpEndpoint", "https://collector.example.com/otlp/")]
    [InlineData("Telemetry:OtlpProtocol", "http")]
    [InlineData("Telemetry:OtlpProtocol", "grpc")]
    [InlineData("Telemetry:ExportInterval", "00:00:10")]
    [InlineData("Redis:Configuration", "a.test:6379,b.test:6380,password=x=y,ssl=true")]
    public void Allows(string key, string value) => Check(key, value).ShouldBeNull();

    [Theory]
    [InlineData("Smtp:Port", "0", "1 to 65535")]
    [InlineData("Smtp:Port", "65536", "1 to 65535")]
    [InlineData("Smtp:Port", "smtp", "1 to 65535")]
    [InlineData("Smtp:Port", "", "1 to 65535")]
    [InlineData("Smtp:Port", "99999999999", "1 to 65535")]
    [InlineData("Smtp:Address", "mx.example.com", "IP address")]
    [InlineData("Smtp:Address", "", "IP address")]
    [InlineData("Smtp:Listen:0", "127.0.0.1", "ADDRESS:PORT")]
    [InlineData("Smtp:Listen:7", "", "ADDRESS:PORT")]
    [InlineData("Smtp:HostName", "two words", "domain name")]
    [InlineData("Smtp:IdleTimeout", "soon", "00:00:01 to 1.00:00:00")]
    [InlineData("Smtp:IdleTimeout", "00:00:00", "00:00:01 to 1.00:00:00")]
    [InlineData("Smtp:RefuseBareLineEnds", "yes", "true or false")]
    [InlineData("Verp:Prefix", "", "1 to 32")]
    [InlineData("Verp:Delimiters", "==", "two different characters")]
    [InlineData("Verp:MaxAge", "1.12:00:00", "whole days")]
    [InlineData("Verp:MaxAge", "0.00:00:00", "1 to 3650")]
    [InlineData("Verp:Keys:0", "1:00", "16 octets")]
    [InlineData("Verp:Keys:0", "", "ID:HEX")]
    [InlineData("Verp:Streams:0", "", "1 to 64")]
    [InlineData("Verp:SenderDomains:0", "no domain", "domain name")]
    [InlineData("Verp:Unsigned", "reject", "refuse, mark, accept")]
    [InlineData("Verp:Unsigned", "1", "refuse, mark, accept")]
    [InlineData("Verp:Unsigned", "refuse,accept", "refuse, mark, accept")]
    [InlineData("Verp:Domains:0", "no domain", "domain name")]
    [InlineData("Pipeline:Workers", "-1", "0 to 256")]
    [InlineData("Pipeline:Capacity", "0", "1 to 100000")]
    [InlineData("Classification:Severities:mailbox_full", "fatal", "hard, soft, block")]
    [InlineData("Classification:Severities:mailbox-full", "hard", "a reason")]
    [InlineData("Journal:Console", "sometimes", "auto, on, off")]
    [InlineData("Journal:Console", "7", "auto, on, off")]
    [InlineData("Redis:Prefix", "with blank", "printable ASCII")]
    [InlineData("Redis:Prefix", "", "printable ASCII")]
    [InlineData("Smtp:HostName", "", "domain name")]
    [InlineData("Redis:Configuration", "localhost,pasword=x", "HOST:PORT")]
    [InlineData("Redis:Configuration", "ssl=true", "HOST:PORT")]
    [InlineData("Redis:Configuration", "redis://localhost:6379", "HOST:PORT")]
    [InlineData("Smtp:Listen", "127.0.0.1:25", "Smtp__Listen__0")]
    [InlineData("Classification:Severities", "hard", "Classification__Severities__NAME")]
    [InlineData("Redis:MaxLength", "0", "1 or more")]
    [InlineData("Redis:DeduplicationWindow", "00:00:59", "00:01:00 to 365.00:00:00")]
    [InlineData("Redis:Timeout", "01:00:00", "00:00:00.100 to 00:10:00")]
    [InlineData("Admin:Enabled", "1", "true or false")]
    [InlineData("Telemetry:OtlpEndpoint", "localhost:4317", "http or https")]
    [InlineData("Telemetry:OtlpEndpoint", "collector", "http or https")]
    [InlineData("Telemetry:OtlpEndpoint", "ftp://collector.example.com", "http or https")]
    [InlineData("Telemetry:OtlpEndpoint", "http://user:password@collector.example.com", "http or https")]
    [InlineData("Telemetry:OtlpEndpoint", "http://collector.example.com/?key=1", "http or https")]
    [InlineData("Telemetry:OtlpProtocol", "json", "grpc, http")]
    [InlineData("Telemetry:ExportInterval", "00:00:00", "00:00:01 to 01:00:00")]
    [InlineData("Telemetry:ExportInterval", "often", "00:00:01 to 01:00:00")]
    public void Refuses_and_says_what_is_allowed(string key, string value, string allowed) =>
        Check(key, value).ShouldNotBeNull().ShouldContain(allowed);

    [Theory]
    [InlineData("Smtp:Chunking", "True", "true")] // from JSON
    [InlineData("Smtp:Tls", "StartTls", "starttls")]
    [InlineData("Smtp:HostName", "MX.example.com", "MX.example.com")]
    public void Shows_a_value_as_a_default_is_shown(string key, string value, string shown) => Find(key).Show(value).ShouldBe(shown);

    [Fact]
    public void Every_setting_reaches_its_options()
    {
        IConfigurationRoot configuration = With(
            ("Smtp:Port", "26"),
            ("Smtp:Listen:0", "127.0.0.1:27"),
            ("Smtp:MaxRecipients", "200"),
            ("Verp:Domains:0", "a.test"),
            ("Verp:Domains:1", "b.test"),
            ("Storage:Folder", "elsewhere"),
            ("Pipeline:Workers", "3"),
            ("Classification:Severities:suspend", "hard"),
            ("Journal:Console", "off"),
            ("Redis:DeduplicationWindow", "1.00:00:00"),
            ("Admin:Enabled", "false")
        );
        configuration.Get<SmtpListenSettings>("Smtp").Port.ShouldBe(26);
        configuration.Get<SmtpListenSettings>("Smtp").Listen.ShouldBe(["127.0.0.1:27"]);
        configuration.Get<SmtpServerOptions>("Smtp").MaxRecipients.ShouldBe(200);
        configuration.Get<VerpSettings>("Verp").Domains.ShouldBe(["a.test", "b.test"]);
        configuration.Get<StorageOptions>("Storage").Folder.ShouldBe("elsewhere");
        configuration.Get<PipelineOptions>("Pipeline").Workers.ShouldBe(3);
        configuration.Get<ClassificationSettings>("Classification").Overrides().Count.ShouldBe(1);
        configuration.Get<JournalOptions>("Journal").Console.ShouldBe(ConsoleLines.Off);
        configuration.Get<RedisOptions>("Redis").DeduplicationWindow.ShouldBe(TimeSpan.FromDays(1));
        configuration.Get<AdminSettings>("Admin").Enabled.ShouldBeFalse();
    }

    [Fact]
    public void Without_a_configuration_the_defaults_of_the_options_count()
    {
        IConfigurationRoot nothing = With();
        nothing.Get<SmtpServerOptions>("Smtp").ShouldBe(new SmtpServerOptions());
        nothing.Get<SmtpListenSettings>("Smtp").ShouldBeEquivalentTo(new SmtpListenSettings());
        nothing.Get<RedisOptions>("Redis").ShouldBeEquivalentTo(new RedisOptions());
        nothing.Get<JournalOptions>("Journal").ShouldBeEquivalentTo(new JournalOptions());
        nothing.Get<AdminSettings>("Admin").ShouldBeEquivalentTo(new AdminSettings());
    }

    private static string? Check(string key, string value) => Find(key).Check(key, value);

    private static Setting Find(string key) => Settings.All.Single(setting => setting.Covers(key));

    private static IConfigurationRoot With(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Build();
}
