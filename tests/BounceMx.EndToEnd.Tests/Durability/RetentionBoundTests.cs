using System.Globalization;
using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>A server with room for a two-thousandth of the default: what is old goes under load, what is not published yet never does.</summary>
public sealed class RetentionBoundTests
{
    private const long Bound = 1024 * 1024;
    private const int Connections = 8;
    private const int Messages = 1000;

    [Fact]
    public async Task The_data_folder_stays_within_its_bound_once_everything_is_published()
    {
        await using var trial = await Trial.StartAsync(
            new ServerSetup
            {
                Environment = new Dictionary<string, string>(Trial.Impatient.Environment)
                {
                    ["Storage__RetainOctets"] = Bound.ToString(CultureInfo.InvariantCulture),
                },
            },
            checksJournal: false
        );
        BounceMxProcess server = trial.Server;
        var load = trial.NewLoad();

        trial.Redis.Freeze();
        await load.RunUntilAcknowledgedAsync(Messages, server.SmtpPort, Connections);
        // It has looked, and it has found nothing that may go.
        await server.LoggedAsync("Storage:RetainOctets is");
        ((long)(await server.StatusAsync())["spool"]!["stored"]!).ShouldBe(load.Acknowledged.Count);

        trial.Redis.Thaw();
        using (var tally = new Tally("retention under its bound, Redis stopped and back"))
            await trial.CloseAsync(tally, load);

        await Eventually.TrueAsync("the data to be within the bound", async () => await KeptAsync(server) <= Bound);
        ((long)(await server.StatusAsync())["spool"]!["stored"]!).ShouldBeInRange(1, Messages - 1);
        server.ReadJournal().Count.ShouldBeInRange(1, Messages - 1);
        (await TailAsync(server, 5)).ShouldBe(server.ReadJournal().TakeLast(5).Select(e => (string?)e["id"]));
    }

    /// <summary>Octets of database and journal in use, as the server counts them.</summary>
    private static async Task<double> KeptAsync(BounceMxProcess server) =>
        (await server.GetAsync("/metrics"))
            .Body.Split('\n')
            .Where(line => line.StartsWith("bouncemx_storage_size_bytes{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture));

    private static async Task<IEnumerable<string?>> TailAsync(BounceMxProcess server, int lines)
    {
        (int exitCode, ChildProcess process) = await BounceMxProcess.RunAsync([
            "events",
            "tail",
            "--json",
            "--lines",
            $"{lines}",
            "--data",
            server.DataFolder,
        ]);
        exitCode.ShouldBe(0);
        return process.StandardOutput.All.Select(line => (string?)JsonNode.Parse(line)!["id"]);
    }
}
