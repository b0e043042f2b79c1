using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary><c>bouncemx verp</c>, as a sender would call it.</summary>
public sealed class VerpCommandTests : IDisposable
{
    private const string Domain = "bounces.example.test";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_minted_with_a_new_key_is_read_as_signed()
    {
        var keys = _folder.File("keys.txt");
        (await RunAsync(["keygen", "--out", keys])).ExitCode.ShouldBe(0);

        var (_, encode) = await RunAsync([
            "encode",
            "--recipient",
            "jörg@example.test",
            "--tag",
            "spring",
            "--tag",
            "k7",
            "--domain",
            Domain,
            "--key-file",
            keys,
        ]);
        var (exitCode, decode) = await RunAsync(["decode", encode.StandardOutput.All.ShouldHaveSingleItem(), "--json", "--key-file", keys]);

        exitCode.ShouldBe(0, $"{decode.StandardError}");
        var decoded = JsonNode.Parse(decode.StandardOutput.All.ShouldHaveSingleItem())!;
        ((string?)decoded["signature"]).ShouldBe("valid");
        ((string?)decoded["recipient"]).ShouldBe("jörg@example.test");
        decoded["tags"]!.AsArray().Select(tag => (string?)tag).ShouldBe(["spring", "k7"]);
    }

    [Fact]
    public async Task A_bounce_of_what_is_minted_is_proven_to_the_server_with_that_key()
    {
        const string Recipient = "user@recipient.example";
        var keys = _folder.File("keys.txt");
        (await RunAsync(["keygen", "--out", keys])).ExitCode.ShouldBe(0);
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Domains = [Domain],
                Environment = new Dictionary<string, string> { ["Verp__KeyFile"] = keys },
            }
        );
        var (_, encode) = await RunAsync(["encode", "--recipient", Recipient, "--domain", Domain, "--key-file", keys]);
        var bounceAddress = encode.StandardOutput.All.ShouldHaveSingleItem();

        (await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown(Recipient))).Code.ShouldBe(250);

        (await server.JournalledAsync(bounceAddress)).ShouldHave(("recipient", Recipient), ("trust", "proven"));
    }

    [Fact]
    public async Task Prefix_domain_and_keys_come_from_the_configuration()
    {
        _folder.Write("keys.txt", "7:00112233445566778899aabbccddeeff\n");
        var config = _folder.Write(
            "bouncemx.json",
            $$"""{ "Verp": { "Prefix": "return", "Domains": ["{{Domain}}"], "KeyFile": "keys.txt" } }"""
        );

        var (exitCode, encode) = await RunAsync(["encode", "--recipient", "user@example.test", "--config", config]);

        exitCode.ShouldBe(0, $"{encode.StandardError}");
        encode.StandardOutput.All.ShouldHaveSingleItem().ShouldMatch($"^return\\+user=example\\.test\\+7[0-9a-v]{{16}}@{Domain}$");
    }

    [Fact]
    public async Task A_batch_goes_on_behind_a_bad_line_and_ends_with_2()
    {
        var (exitCode, encode) = await RunAsync(["encode", "--domain", Domain], "user@example.test\nnobody\nother@example.test\n");

        exitCode.ShouldBe(2);
        encode.StandardOutput.All.ShouldBe([$"bounces+user=example.test@{Domain}", "", $"bounces+other=example.test@{Domain}"]);
        encode.StandardError.All.ShouldBe(["bouncemx: line 2: the recipient has no domain: nobody"]);
    }

    [Fact]
    public async Task CSV_comes_out_with_a_column_more_in_UTF_8()
    {
        var (exitCode, encode) = await RunAsync(["encode", "--csv", "--domain", Domain], "name,recipient\nJörg,user@example.test\n");

        exitCode.ShouldBe(0, $"{encode.StandardError}");
        encode.StandardOutput.All.ShouldBe(["name,recipient,bounce_address", $"Jörg,user@example.test,bounces+user=example.test@{Domain}"]);
    }

    [Fact]
    public async Task Decode_reads_standard_input_and_ends_with_2_when_one_has_a_fault()
    {
        var (exitCode, decode) = await RunAsync(["decode", "--json"], $"bounces+user=example.test@{Domain}\nuser@{Domain}\n");

        exitCode.ShouldBe(2);
        decode.StandardOutput.All.Select(line => (string?)JsonNode.Parse(line)!["fault"]).ShouldBe([null, "unknown_prefix"]);
    }

    [Fact]
    public async Task A_key_file_that_others_can_read_is_warned_of_and_used()
    {
        var keys = _folder.Write("keys.txt", "1:00112233445566778899aabbccddeeff\n");
        await ChildProcess.RunAsync("chmod", ["644", keys]);

        var (exitCode, encode) = await RunAsync(["encode", "--recipient", "user@example.test", "--domain", Domain, "--key-file", keys]);

        exitCode.ShouldBe(0);
        encode.StandardOutput.All.ShouldHaveSingleItem().ShouldStartWith("bounces+user=example.test+1");
        encode.StandardError.All.ShouldHaveSingleItem().ShouldStartWith("bouncemx: warning: others can read the keys in");
    }

    [Fact]
    public async Task A_key_under_16_octets_is_refused_and_not_shown()
    {
        var keys = _folder.Write("keys.txt", "1:00112233445566778899aabbccddee\n");

        var (exitCode, encode) = await RunAsync(["encode", "--recipient", "user@example.test", "--domain", Domain, "--key-file", keys]);

        exitCode.ShouldBe(2);
        var line = encode.StandardError.All.ShouldHaveSingleItem();
        line.ShouldContain("16 octets");
        line.ShouldNotContain("00112233");
    }

    [Fact]
    public async Task Keys_that_are_no_text_are_refused_rather_than_not_signed_with()
    {
        var config = _folder.Write(
            "bouncemx.json",
            """{ "Verp": { "Keys": [{ "Secret": "1:00112233445566778899aabbccddeeff" }] }, "Smtp": { "Port": 0 } }"""
        );

        var (exitCode, encode) = await RunAsync(["encode", "--recipient", "user@example.test", "--domain", Domain, "--config", config]);

        exitCode.ShouldBe(2);
        encode.StandardError.All.ShouldHaveSingleItem().ShouldStartWith("bouncemx: Verp:Keys:0:Secret (bouncemx.json) is no setting");
    }

    [Fact]
    public async Task A_key_in_place_of_its_file_is_not_shown()
    {
        const string Key = "1:00112233445566778899aabbccddeeff";

        var (exitCode, encode) = await RunAsync(["encode", "--recipient", "user@example.test", "--domain", Domain, "--key-file", Key]);

        exitCode.ShouldBe(2);
        encode.StandardError.All.ShouldHaveSingleItem().ShouldBe("bouncemx: --key-file 1:***: there is no such file");
    }

    [Theory]
    [InlineData("encode --recipient user@example.test", "--domain")]
    [InlineData("encode --recipient user@ --domain b.test", "the recipient has no domain")]
    [InlineData("encode --recipient user@example.test --domain b..test", "--domain b..test")]
    [InlineData("encode --recipient user@example.test --domain b.test --prefix +", "Verp:Prefix")]
    [InlineData("encode --recipient user@example.test --domain b.test --tag a=b", "a tag is")]
    [InlineData("encode --domain b.test --tag a=b", "a tag is")]
    [InlineData("encode --recipient user@example.test --domain b.test --key-file /nowhere/keys.txt", "/nowhere/keys.txt")]
    [InlineData("encode --recipient user@example.test --domain b.test --csv", "--csv")]
    [InlineData("decode bounces@b.test --json --csv", "--json or --csv")]
    [InlineData("keygen --id w", "--id")]
    [InlineData("keygen --out a --rotate b", "--out or --rotate")]
    [InlineData("keygen --rotate /nowhere/keys.txt", "/nowhere/keys.txt")]
    public async Task Wrong_usage_is_told_in_one_line(string arguments, string named)
    {
        var (exitCode, process) = await RunAsync(arguments.Split(' '));

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain(named);
        process.StandardOutput.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("encode --recipient user@example.test --domain b.test")]
    [InlineData("encode --domain b.test")]
    [InlineData("decode --csv bounces@b.test")]
    public async Task A_full_disk_is_told_in_one_line(string arguments)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");

        var (exitCode, process) = await ChildProcess.RunAsync(
            "sh",
            ["-c", $"exec \"$0\" verp {arguments} >/dev/full", BounceMxProcess.Program],
            workingDirectory: _folder.Path,
            standardInput: "user@example.test\n"
        );

        exitCode.ShouldBe(1);
        process.StandardError.All.ShouldHaveSingleItem().ShouldStartWith("bouncemx: broken off: ");
    }

    private Task<(int ExitCode, ChildProcess Process)> RunAsync(string[] arguments, string? standardInput = null) =>
        ChildProcess.RunAsync(
            BounceMxProcess.Program,
            ["verp", .. arguments],
            workingDirectory: _folder.Path,
            standardInput: standardInput
        );
}
