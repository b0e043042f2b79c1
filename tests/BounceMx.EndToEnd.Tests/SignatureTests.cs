using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A server with a key to check bounce addresses by.</summary>
public sealed class ServerWithKey : ServerWithRedis
{
    internal override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["Verp__Keys__0"] = SigningKey.Text, ["Logging__LogLevel__Default"] = "Trace" };
}

/// <summary>What a signature is worth, from RCPT to the stream.</summary>
public sealed class SignatureTests(ServerWithKey running) : IClassFixture<ServerWithKey>
{
    private static readonly string SecretPart = SigningKey.Secret[..16];

    [Fact]
    public async Task A_bounce_to_a_signed_address_is_proven()
    {
        var bounceAddress = SigningKey.Sign("signed@recipient.example");

        (await SwaksAsync(bounceAddress, SampleMail.UserUnknown("signed@recipient.example"))).ExitCode.ShouldBe(0);

        var published = await running.PublishedAsync(bounceAddress);
        (published["trust"], published["recipient"], published["recipient_source"]).ShouldBe(
            ("proven", "signed@recipient.example", "verp_signed")
        );
        JsonNode.Parse(published["data"])!["evidence"]!
            .AsArray()
            .ShouldContain(phrase => $"{phrase}".StartsWith("signature valid, key k, ", StringComparison.Ordinal)); // Not "of today": midnight may pass.
    }

    [Fact]
    public async Task One_changed_character_is_550_5_7_1()
    {
        var bounceAddress = SigningKey.Sign("changed@recipient.example").Replace("changed=", "chanced=", StringComparison.Ordinal);

        var (exitCode, output) = await SwaksAsync(bounceAddress, SampleMail.UserUnknown("chanced@recipient.example"));

        exitCode.ShouldBe(24, "swaks: no recipient was accepted");
        output.ShouldContain("550 5.7.1");
    }

    [Fact]
    public async Task A_signature_of_31_days_ago_is_550_5_7_1()
    {
        var reply = await running.Server.DeliverAsync(SigningKey.Sign("late@recipient.example", age: 31), SampleMail.UserUnknown("late"));
        (reply.Code, reply.Text[..5]).ShouldBe((550, "5.7.1"));
    }

    // Not of 30, which are 31 when midnight passes (UTC).
    [Fact]
    public async Task A_signature_of_29_days_ago_is_proven()
    {
        var bounceAddress = SigningKey.Sign("old@recipient.example", age: 29);
        (await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("old@recipient.example"))).Code.ShouldBe(250);
        (await running.PublishedAsync(bounceAddress))["trust"].ShouldBe("proven");
    }

    [Fact]
    public async Task What_is_not_signed_is_in_quarantine()
    {
        var bounceAddress = BounceAddress.Of("unsigned@recipient.example");
        (await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("unsigned@recipient.example"))).Code.ShouldBe(250);
        (await running.PublishedAsync("bounce_address", bounceAddress, Keys.Quarantine))["trust"].ShouldBe("unproven");
    }

    [Fact]
    public async Task A_hash_is_confirmed_by_the_report_s_recipient()
    {
        var bounceAddress = SigningKey.SignHidden("hidden@recipient.example");
        (await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("hidden@recipient.example"))).Code.ShouldBe(250);

        var published = await running.PublishedAsync(bounceAddress);
        (published["recipient"], published["trust"]).ShouldBe(("hidden@recipient.example", "proven"));
        published.Keys.ShouldNotContain("recipient_hash");
    }

    [Fact]
    public async Task A_hash_that_the_report_does_not_confirm_is_told_as_it_is()
    {
        var bounceAddress = SigningKey.SignHidden("kept@recipient.example");
        (await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("other@recipient.example"))).Code.ShouldBe(250);

        var published = await running.PublishedAsync("bounce_address", bounceAddress, Keys.Quarantine);
        published["recipient_hash"].ShouldBe(bounceAddress.Split('~')[1][..16]);
        published.Keys.ShouldNotContain("recipient");
    }

    [Fact]
    public async Task What_addresses_turn_out_to_be_is_counted()
    {
        await running.Server.DeliverAsync(
            SigningKey.Sign("counted@recipient.example"),
            SampleMail.UserUnknown("counted@recipient.example")
        );

        var (_, page) = await running.Server.GetAsync("/metrics");

        page.ShouldMatch("""(?m)^bouncemx_verp_recipients_total\{result="signed"\} [1-9]""");
        page.ShouldMatch("""(?m)^bouncemx_verp_recipients_total\{result="unknown_key"\} 0$""");
    }

    [Fact]
    public async Task The_key_is_in_no_log()
    {
        await running.Server.DeliverAsync(SigningKey.Sign("logged@recipient.example"), SampleMail.UserUnknown("logged@recipient.example"));
        await running.Server.WaitUntilIdleAsync();
        string[] lines = [.. running.Server.StandardError.All, .. running.Server.StandardOutput.All];

        lines.ShouldNotBeEmpty();
        lines.Where(line => line.Contains(SecretPart, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Config_show_masks_the_key()
    {
        var (exitCode, show) = await BounceMxProcess.RunAsync(["config", "show"], running.Environment);

        exitCode.ShouldBe(0);
        $"{show.StandardOutput}".ShouldContain("k:***");
        $"{show.StandardOutput}".ShouldNotContain(SecretPart);
    }

    [Theory]
    [InlineData("Verp__KeyFile", "/nowhere/verp.keys", "Verp:KeyFile is \"/nowhere/verp.keys\"")]
    [InlineData("Verp__Keys__0", "1:0001020304", "Verp:Keys:0 is \"1:***\"")]
    [InlineData("Verp__Keys__0__Secret", "1:000102030405060708090a0b0c0d0e0f", "Verp:Keys:0:Secret (environment) is no setting")]
    [InlineData("Verp__Unsigned", "refuse", "Verp:Unsigned is \"refuse\"")]
    [InlineData("Verp__Unsigned", "refuse,accept", "Verp:Unsigned is \"refuse,accept\"")]
    [InlineData("Verp__Streams__0", "bounces-news", "Verp:Streams:0 is \"bounces-news\"")]
    [InlineData("Verp__Templates__0", "nobody", "Verp:Templates:0 is \"nobody\"")]
    public async Task The_server_does_not_start_with_what_config_check_finds_wrong(string variable, string value, string fault)
    {
        var environment = new Dictionary<string, string> { [variable] = value };
        string[] listeners = ["--smtp", $"127.0.0.1:{Loopback.FreePort()}", "--admin", $"127.0.0.1:{Loopback.FreePort()}"];

        var (checkCode, check) = await BounceMxProcess.RunAsync(["config", "check"], environment);
        var (serveCode, serve) = await BounceMxProcess.RunAsync(["serve", .. listeners], environment);

        (checkCode, serveCode).ShouldBe((2, 2));
        check.StandardError.All.ShouldHaveSingleItem().ShouldStartWith($"bouncemx: {fault}");
        serve.StandardError.All.ShouldBe(check.StandardError.All);
    }

    [Fact]
    public async Task The_start_says_by_which_keys_signatures_are_checked() =>
        (await running.Server.LoggedAsync("signatures of")).ShouldContain("are checked by the keys k");

    [Fact]
    public async Task The_start_says_that_signatures_are_not_checked()
    {
        await using var server = await BounceMxProcess.StartAsync();

        (await server.LoggedAsync("signatures of")).ShouldContain("are not checked");
    }

    [Fact]
    public async Task A_key_file_that_others_can_read_is_warned_of()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no modes.
        using var folder = new TemporaryFolder();
        string keys = folder.Write("verp.keys", SigningKey.Text);
        File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup { Environment = new Dictionary<string, string> { ["Verp__KeyFile"] = keys } }
        );

        (await server.LoggedAsync("Verp:KeyFile")).ShouldContain("mode 0404");
    }

    private async Task<(int ExitCode, string Output)> SwaksAsync(string bounceAddress, string message)
    {
        Requires.Program("swaks");
        var (exitCode, swaks) = await ChildProcess.RunAsync(
            "swaks",
            [
                .. (string[])["--server", $"127.0.0.1:{running.Server.SmtpPort}", "--helo", "mx.sender.example"],
                .. (string[])["--from", "<>", "--to", bounceAddress, "--data", "-"],
            ],
            standardInput: message
        );
        return (exitCode, $"{swaks.StandardOutput}");
    }
}
