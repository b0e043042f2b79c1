using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A message ends at CR LF . CR LF and nowhere else (RFC 5321 section 4.1.1.4): 24 sequences over a socket.</summary>
public sealed class EndOfDataTests
{
    [Fact]
    public async Task No_other_sequence_ends_a_message()
    {
        Requires.Program("python3");
        var script = Requires.Shared("smtp/end_of_data.py");
        await using var server = await BounceMxProcess.StartAsync();

        var (exitCode, process) = await ChildProcess.RunAsync(
            "python3",
            [script, "127.0.0.1", $"{server.SmtpPort}", $"bounces@{BounceAddress.Domain}"]
        );

        exitCode.ShouldBe(0, $"{process.StandardOutput}");
        process.StandardOutput.All[^1].ShouldBe("24 passed, 0 failed");
    }
}
