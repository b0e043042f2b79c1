using BounceMx.Hosting;
using BounceMx.Intake;
using BounceMx.Smtp.Limits;
using Microsoft.Extensions.Configuration;

namespace BounceMx.Tests.Hosting;

/// <summary>The only tests that set environment variables, one after another as all tests of a class.</summary>
public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _variables = [];

    public void Dispose()
    {
        foreach (string variable in _variables)
            Environment.SetEnvironmentVariable(variable, null);
        _folder.Dispose();
    }

    [Fact]
    public void The_file_goes_before_the_defaults() =>
        Load("""{ "Smtp": { "Port": 26 } }""").Get<SmtpListenSettings>("Smtp").Port.ShouldBe(26);

    [Fact]
    public void The_environment_goes_before_the_file()
    {
        Set("Smtp__Port", "27");
        Load("""{ "Smtp": { "Port": 26 } }""").Get<SmtpListenSettings>("Smtp").Port.ShouldBe(27);
    }

    [Fact]
    public void The_command_line_goes_before_the_environment()
    {
        Set("Smtp__Port", "27");
        Load("""{ "Smtp": { "Port": 26 } }""", ("Smtp:Port", "28")).Get<SmtpListenSettings>("Smtp").Port.ShouldBe(28);
    }

    [Fact]
    public void The_origin_of_a_value_is_the_source_that_goes_before_the_others()
    {
        Set("Redis__Prefix", "shop");
        IConfigurationRoot configuration = Load(
            """{ "Smtp": { "Port": 26 }, "Redis": { "Prefix": "x" }, "Storage": { "Folder": "x" } }""",
            ("Storage:Folder", "y")
        );
        ConfigurationLoader.Origin(configuration, "Smtp:Port").ShouldContain("bouncemx.json");
        ConfigurationLoader.Origin(configuration, "Redis:Prefix").ShouldBe("environment");
        ConfigurationLoader.Origin(configuration, "Storage:Folder").ShouldBe("command line");
        ConfigurationLoader.Origin(configuration, "Admin:Listen").ShouldBe("default");
    }

    [Fact]
    public void A_list_of_the_command_line_takes_the_place_of_a_longer_one_of_the_file() =>
        Load("""{ "Verp": { "Domains": ["a.test", "b.test"] } }""", ("Verp:Domains:0", "c.test"))
            .Get<VerpSettings>("Verp")
            .Domains.ShouldBe(["c.test"]);

    [Fact]
    public void An_empty_list_of_the_environment_takes_the_place_of_one_of_the_file()
    {
        Set("Smtp__Exempt", "");
        Load("""{ "Smtp": { "Exempt": ["10.0.0.0/8"] } }""").Get<SmtpLimitOptions>("Smtp").Exempt.ShouldBeEmpty();
    }

    [Fact]
    public void A_list_of_the_environment_takes_the_place_of_an_empty_one_of_the_file()
    {
        Set("Smtp__Exempt__0", "10.0.0.0/8");
        Load("""{ "Smtp": { "Exempt": [] } }""").Get<SmtpLimitOptions>("Smtp").Exempt.ShouldBe(["10.0.0.0/8"]);
    }

    [Fact]
    public void A_list_longer_than_ten_keeps_its_order()
    {
        string[] domains = [.. Enumerable.Range(0, 12).Select(i => $"d{i}.test")];
        Load($$"""{ "Verp": { "Domains": [{{string.Join(',', domains.Select(domain => $"\"{domain}\""))}}] } }""")
            .Get<VerpSettings>("Verp")
            .Domains.ShouldBe(domains);
    }

    [Fact]
    public void Entries_of_a_dictionary_come_from_all_sources()
    {
        Set("Classification__Severities__suspend", "hard");
        Load("""{ "Classification": { "Severities": { "mailbox_full": "hard" } } }""")
            .Get<ClassificationSettings>("Classification")
            .Overrides()
            .Count.ShouldBe(2);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() =>
        Load("""{ "Smtp": { "Port": 26, /* above 1024 */ }, } // the end""").Get<SmtpListenSettings>("Smtp").Port.ShouldBe(26);

    [Fact]
    public void A_file_whose_name_begins_with_a_dot_is_read() =>
        ConfigurationLoader
            .Load(_folder.Write(".bouncemx.json", """{ "Smtp": { "Port": 26 } }"""), Options())
            .Get<SmtpListenSettings>("Smtp")
            .Port.ShouldBe(26);

    [Theory]
    [InlineData("""{ "Redis": { "Configuration": null } }""", "Redis:Configuration")]
    [InlineData("""{ "Verp": { "Domains": null } }""", "Verp:Domains")]
    [InlineData("""{ "Verp": { "Keys": [null] } }""", "Verp:Keys:0")]
    [InlineData("""{ "Verp": { "Domains": [{}] } }""", "Verp:Domains:0")]
    [InlineData("""{ "Storage": { "Folder": "" } }""", "Storage:Folder")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Bogus" } } }""", "Logging:LogLevel:Default")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "7" } } }""", "Logging:LogLevel:Default")]
    public void What_would_break_the_start_is_told(string json, string key) => Faults(json).ShouldHaveSingleItem().Key.ShouldBe(key);

    [Fact]
    public void A_file_that_is_named_must_be_there() =>
        Should
            .Throw<UsageException>(() => ConfigurationLoader.Load(Path.Combine(_folder.Path, "gone.json"), Options()))
            .Message.ShouldContain("gone.json");

    [Theory]
    [InlineData("{ \"Smtp\": ")]
    [InlineData("no JSON")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"Smtp\": { \"Port\": 1, \"port\": 2 } }")]
    public void A_file_that_is_no_JSON_object_is_named_in_one_line(string json) =>
        Should
            .Throw<UsageException>(() => Load(json))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain("bouncemx.json"),
                message => message.ShouldNotContain("\n")
            );

    [Fact]
    public void Broken_JSON_is_told_with_its_line() => // counted from 0
        Should.Throw<UsageException>(() => Load("{\n  \"Smtp\": }\n")).Message.ShouldContain("LineNumber: 1");

    [Fact]
    public void A_good_configuration_has_no_faults()
    {
        Set("Redis__Configuration", "localhost:6379,password=x");
        Faults(
                """
                { "Smtp": { "Port": 26, "Listen": [] }, "Verp": { "Domains": ["a.test"] }, "Logging": { "LogLevel": { "Default": "Debug" } } }
                """,
                ("Smtp:Listen:0", "127.0.0.1:25")
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_wrong_value_is_told_with_its_key_what_is_allowed_and_where_it_stands()
    {
        Set("Smtp__Port", "smtp");
        ConfigurationFault fault = Faults("""{ "Smtp": { "Port": 26 } }""").ShouldHaveSingleItem();
        fault.Key.ShouldBe("Smtp:Port");
        fault.Text.ShouldSatisfyAllConditions(
            text => text.ShouldContain("\"smtp\""),
            text => text.ShouldContain("environment"),
            text => text.ShouldContain("1 to 65535")
        );
    }

    [Fact]
    public void An_entry_of_a_list_is_told_with_its_index() =>
        Faults("""{ "Verp": { "Domains": ["a.test", "no domain"] } }""").ShouldHaveSingleItem().Key.ShouldBe("Verp:Domains:1");

    [Fact]
    public void All_faults_are_told_at_once() =>
        Faults("""{ "Smtp": { "Port": 0, "MaxRecipients": 1 }, "Redis": { "Prefix": "" } }""").Count().ShouldBe(3);

    [Theory]
    [InlineData("""{ "Smtp": { "Prot": 26 } }""", "Smtp:Prot")]
    [InlineData("""{ "Smpt": { "Port": 26 } }""", "Smpt:Port")]
    [InlineData("""{ "Port": 26 }""", "Port")]
    [InlineData("""{ "Smtp": { "Port": { "Value": 26 } } }""", "Smtp:Port:Value")]
    [InlineData("""{ "Verp": { "Keys": [{ "Secret": "1:000102030405060708090a0b0c0d0e0f" }] } }""", "Verp:Keys:0:Secret")]
    [InlineData("""{ "Verp": { "Domains": [{ "Name": "a.test" }] } }""", "Verp:Domains:0:Name")]
    [InlineData("""{ "Classification": { "Severities": { "suspend": { "is": "hard" } } } }""", "Classification:Severities:suspend:is")]
    public void A_key_that_nothing_reads_is_told(string json, string key) => Faults(json).ShouldHaveSingleItem().Key.ShouldBe(key);

    [Fact]
    public void A_variable_of_a_section_that_nothing_reads_is_told()
    {
        Set("Smtp__Prot", "26");
        Faults("{}")
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("Smtp:Prot (environment) is no setting; bouncemx config show lists them all");
    }

    [Fact]
    public void A_key_of_a_section_that_nothing_reads_is_told_to_whom_reads_that_section_alone()
    {
        IConfigurationRoot configuration = Load(
            """{ "Verp": { "Keys": [{ "Id": "1" }], "Doors": { "a.test": { "Expired": "no" } } }, "Smpt": { "Port": 26 } }"""
        );
        ConfigurationLoader
            .CheckSection(configuration, "Verp")
            .Select(fault => fault.Key)
            .ShouldBe(["Verp:Doors:a.test:Expired", "Verp:Keys:0:Id"]);
    }

    [Fact]
    public void Other_programs_variables_are_none_of_ours()
    {
        Set("SMTP_PORT", "x");
        Set("Smtpd__Port", "x");
        Faults("{}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Verp__Domains", "a.test")]
    [InlineData("Smtp__Listen", "127.0.0.1:25")]
    public void A_list_written_as_one_value_is_told_rather_than_ignored(string variable, string value)
    {
        Set(variable, value);
        Faults("{}").ShouldHaveSingleItem().Key.ShouldBe(variable.Replace("__", ":", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_written_as_one_value_in_the_file_is_told_rather_than_ignored() =>
        Faults("""{ "Verp": { "Domains": "a.test" } }""").ShouldHaveSingleItem().Key.ShouldBe("Verp:Domains");

    [Fact]
    public void A_fault_does_not_show_a_password() =>
        Faults("""{ "Redis": { "Configuration": "localhost,password=secret", "MaxLength": 0, "password": "secret" } }""")
            .ShouldAllBe(fault => !fault.ToString().Contains("secret"));

    [Fact]
    public void A_fault_does_not_show_the_user_of_a_URL() =>
        Faults("""{ "Telemetry": { "OtlpEndpoint": "http://user:secret@localhost:4317" } }""")
            .ShouldHaveSingleItem()
            .Text.ShouldNotContain("secret");

    [Fact]
    public void A_Redis_that_cannot_be_understood_is_told() =>
        Faults("""{ "Redis": { "Configuration": "localhost,pasword=secret" } }""")
            .ShouldHaveSingleItem()
            .Key.ShouldBe("Redis:Configuration");

    private IConfigurationRoot Load(string json, params (string Key, string Value)[] commandLine) =>
        ConfigurationLoader.Load(_folder.Write("bouncemx.json", json), Options(commandLine));

    private IEnumerable<ConfigurationFault> Faults(string json, params (string Key, string Value)[] commandLine) =>
        ConfigurationLoader.Check(Load(json, commandLine));

    private static Dictionary<string, string?> Options(params (string Key, string Value)[] values) =>
        values.ToDictionary(value => value.Key, value => (string?)value.Value);

    private void Set(string variable, string value)
    {
        Environment.SetEnvironmentVariable(variable, value);
        _variables.Add(variable);
    }
}
