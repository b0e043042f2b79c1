using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>What a scanner for open relays sees.</summary>
public sealed class RelayTests
{
    [Theory]
    [InlineData("--domain", BounceAddress.Domain)]
    [InlineData] // The default: any bounce domain.
    public async Task Nmap_finds_no_open_relay(params string[] arguments)
    {
        Requires.Program("nmap");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Arguments = arguments });

        // The + has the script run on a port that is not SMTP's own.
        var (exitCode, nmap) = await ChildProcess.RunAsync(
            "nmap",
            ["-n", "-Pn", "-p", $"{server.SmtpPort}", "--script", "+smtp-open-relay", "127.0.0.1"]
        );

        exitCode.ShouldBe(0, $"{nmap.StandardError}");
        $"{nmap.StandardOutput}".ShouldContain("Server doesn't seem to be an open relay, all tests failed");
    }
}
