using System.Net;
using System.Net.Sockets;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>What cannot be started ends with exit code 2 and one line that says what to change.</summary>
public sealed class StartupFailureTests
{
    [Theory]
    [InlineData("Smtp__MaxMessageSize", "lots")]
    [InlineData("Smtp__MaxMessageSize", "-1")]
    [InlineData("Smtp__IdleTimeout", "soon")]
    [InlineData("Redis__Prefix", "two words")]
    [InlineData("Redis__MaxLength", "0")]
    public async Task A_broken_value_is_named_with_its_key(string variable, string value)
    {
        var line = await RefusesToStartAsync([], new Dictionary<string, string> { [variable] = value });

        line.ShouldContain(variable.Replace("__", ":", StringComparison.Ordinal));
        line.ShouldContain(value);
    }

    [Fact]
    public async Task A_broken_value_of_the_file_is_named_with_its_key()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bouncemx.json", """{ "Smtp": { "MaxMessageSize": "lots" } }""");

        var line = await RefusesToStartAsync(["--config", file]);

        line.ShouldContain("Smtp:MaxMessageSize");
        line.ShouldContain("lots");
    }

    [Fact]
    public async Task A_file_that_is_no_JSON_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bouncemx.json", """{ "Smtp": """);

        (await RefusesToStartAsync(["--config", file])).ShouldContain(file);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named() =>
        (await RefusesToStartAsync(["--config", "/nowhere/bouncemx.json"])).ShouldContain("/nowhere/bouncemx.json");

    [Fact]
    public async Task A_misspelt_key_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bouncemx.json", """{ "Smtp": { "MaxMesageSize": 1000 } }""");

        (await RefusesToStartAsync(["--config", file])).ShouldContain("MaxMesageSize");
    }

    [Theory]
    [InlineData("Smtp__ProxyNetworks__0", "10.0.0.1/8")]
    [InlineData("Smtp__Exempt__0", "localhost")]
    public async Task A_network_that_is_none_is_named_with_its_key(string variable, string value)
    {
        var line = await RefusesToStartAsync([], new Dictionary<string, string> { [variable] = value });

        line.ShouldContain(variable.Replace("__", ":", StringComparison.Ordinal));
        line.ShouldContain(value);
    }

    [Fact]
    public async Task A_misspelt_key_of_a_listener_is_named()
    {
        var line = await RefusesToStartAsync(
            [],
            new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = $"127.0.0.1:{Loopback.FreePort()}",
                ["Smtp__Listeners__smtps__MaxMesageSize"] = "4096",
            }
        );

        line.ShouldContain("Smtp:Listeners:smtps:MaxMesageSize");
    }

    [Fact]
    public async Task A_broken_value_of_a_listener_is_named_with_its_key()
    {
        var line = await RefusesToStartAsync(
            [],
            new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = $"127.0.0.1:{Loopback.FreePort()}",
                ["Smtp__Listeners__smtps__Tls"] = "always",
            }
        );

        line.ShouldContain("Smtp:Listeners:smtps:Tls");
        line.ShouldContain("always");
    }

    [Fact]
    public async Task A_listener_that_listens_nowhere_is_named()
    {
        var line = await RefusesToStartAsync([], new Dictionary<string, string> { ["Smtp__Listeners__smtps__MaxMessageSize"] = "4096" });

        line.ShouldContain("Smtp:Listeners:smtps:Listen");
    }

    [Fact]
    public async Task A_listener_for_TLS_without_a_certificate_is_named()
    {
        var line = await RefusesToStartAsync(
            [],
            new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = $"127.0.0.1:{Loopback.FreePort()}",
                ["Smtp__Listeners__smtps__Tls"] = "implicit",
            }
        );

        line.ShouldContain("Smtp:Listeners:smtps");
        line.ShouldContain("certificate");
    }

    [Fact]
    public async Task A_certificate_that_is_not_there_is_named() =>
        (await RefusesToStartAsync([], PemFiles.Setting(("/nowhere/fullchain.pem", "/nowhere/privkey.pem")))).ShouldContain(
            "/nowhere/fullchain.pem"
        );

    [Fact]
    public async Task A_certificate_that_is_none_is_named()
    {
        using var folder = new TemporaryFolder();
        var files = PemFiles.Write(folder, "mx", "mx.example.test");
        File.WriteAllText(files.Certificate, "no certificate");

        (await RefusesToStartAsync([], PemFiles.Setting(files))).ShouldContain(files.Certificate);
    }

    [Fact]
    public async Task A_key_that_belongs_to_another_certificate_is_named()
    {
        using var folder = new TemporaryFolder();
        var files = PemFiles.Write(folder, "mx", "mx.example.test");
        var other = PemFiles.Write(folder, "other", "other.example.test");

        (await RefusesToStartAsync([], PemFiles.Setting((files.Certificate, other.Key)))).ShouldContain(other.Key);
    }

    [Theory]
    [InlineData("--smtp")]
    [InlineData("--admin")]
    public async Task A_port_that_is_taken_is_named(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, Loopback.FreePort());
        taken.Start();

        (await RefusesToStartAsync([option, $"{taken.LocalEndpoint}"])).ShouldContain($"{taken.LocalEndpoint}");
    }

    [Theory]
    [InlineData("0.0.0.0", "[::]")]
    [InlineData("*", "127.0.0.1")]
    public async Task Endpoints_that_overlap_are_named(string first, string second)
    {
        var port = Loopback.FreePort();

        var line = await RefusesToStartAsync(["--smtp", $"{first}:{port}", "--smtp", $"{second}:{port}"]);

        line.ShouldContain($"Smtp:Listen:1 is \"{second}:{port}\"");
    }

    [Theory]
    [InlineData("--smtp", "nonsense", "Smtp:Listen")]
    [InlineData("--smtp", "127.0.0.1:99999", "Smtp:Listen")]
    [InlineData("--admin", "127.0.0.1:", "Admin:Listen")]
    public async Task An_address_that_is_none_is_named_with_its_key(string option, string value, string key)
    {
        var line = await RefusesToStartAsync([option, value]);

        line.ShouldContain(key);
        line.ShouldContain(value);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("data", "A file, where a folder should be: it stops even root.");

        (await RefusesToStartAsync(["--data", file])).ShouldContain(file);
    }

    [Fact]
    public async Task A_data_folder_from_which_another_server_serves_is_named_with_that()
    {
        await using var server = await BounceMxProcess.StartAsync();

        var line = await RefusesToStartAsync(["--data", server.DataFolder]);

        line.ShouldContain($"Storage:Folder is \"{server.DataFolder}\": process {server.Id} serves from it already");
    }

    [Fact]
    public async Task A_data_folder_whose_server_was_killed_can_be_served_from()
    {
        await using var server = await BounceMxProcess.StartAsync();
        await server.KillAsync();

        await Should.NotThrowAsync(server.StartAgainAsync);
    }

    [Fact]
    public async Task An_unknown_option_is_named() => (await RefusesToStartAsync(["--fsat"])).ShouldContain("--fsat");

    [Fact]
    public async Task An_unknown_verb_is_named()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["srve"]);

        exitCode.ShouldBe(2);
        process.StandardError.ToString().ShouldContain("srve");
    }

    private static async Task<string> RefusesToStartAsync(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var folder = new TemporaryFolder();
        string[] defaults =
        [
            .. Unless("--smtp", $"127.0.0.1:{Loopback.FreePort()}"),
            .. Unless("--admin", $"127.0.0.1:{Loopback.FreePort()}"),
            .. Unless("--data", folder.Path),
        ];
        var (exitCode, process) = await BounceMxProcess.RunAsync(["serve", .. defaults, .. arguments], environment);

        exitCode.ShouldBe(2, $"{process.StandardError}");
        return process.StandardError.All.ShouldHaveSingleItem($"{process.StandardError}");

        string[] Unless(string option, string value) => arguments.Contains(option) ? [] : [option, value];
    }
}
