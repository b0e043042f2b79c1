using System.Globalization;
using System.Text.RegularExpressions;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>What a running server takes of the machine, and what it says of itself.</summary>
internal static class ServerUsage
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Octets of memory that are resident (VmRSS of proc(5)).</summary>
    public static long ResidentMemory(this BounceMxProcess server)
    {
        var line = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Files and sockets that are open.</summary>
    public static int Descriptors(this BounceMxProcess server) => Directory.GetFiles($"/proc/{server.Id}/fd").Length;

    /// <summary>One sample of <c>/metrics</c>, or the sum of all with these labels among theirs; 0 where there is none.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="label">A label as the page has it; empty for all.</param>
    public static async Task<double> MetricAsync(this BounceMxProcess server, string name, string label = "")
    {
        var (_, page) = await server.GetAsync("/metrics");
        var samples = Regex.Matches(page, $"(?m)^{name}(?<labels>\\{{[^}}]*\\}})? (?<value>\\S+)$", RegexOptions.ExplicitCapture, Limit);
        return samples
            .Where(sample => sample.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
            .Sum(sample => double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Has the server do once what it does later: code is compiled, pools are filled.</summary>
    public static async Task WarmUpAsync(this BounceMxProcess server)
    {
        var load = new Load("warm");
        await load.RunUntilAcknowledgedAsync(200, server.SmtpPort, connections: 10);
        await server.MetricAsync("bouncemx_smtp_connections_total");
        await server.WaitUntilIdleAsync();
    }
}
