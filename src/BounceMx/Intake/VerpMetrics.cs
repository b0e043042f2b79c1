using System.Diagnostics.Metrics;
using System.Text.Json;

namespace BounceMx.Intake;

/// <summary>How a recipient is counted; the names are the label's values.</summary>
internal enum VerpResult
{
    /// <summary>Validly signed.</summary>
    Signed,

    /// <summary>In our own form, without a signature or without keys to check it by.</summary>
    Unsigned,

    /// <summary>Signed too long ago.</summary>
    Expired,

    /// <summary>The signature is not the address's.</summary>
    BadSignature,

    /// <summary>Signed by a key that we do not have.</summary>
    UnknownKey,

    /// <summary>In another program's form.</summary>
    Foreign,

    /// <summary>A plain bounce address.</summary>
    Plain,

    /// <summary>A plain bounce address of a stream that is not configured.</summary>
    UnknownStream,

    /// <summary>postmaster or abuse.</summary>
    Role,

    /// <summary>In no form that is read.</summary>
    Malformed,

    /// <summary>Another local part of our domain.</summary>
    UnknownPrefix,

    /// <summary>Another domain.</summary>
    NotOurs,
}

/// <summary>
/// Counts what bounce addresses turn out to be at RCPT time, accepted or refused. Every result is there from the start, as 0: Prometheus'
/// <c>rate()</c> does not see the first count of a series that begins with it. A count is one increment and allocates nothing.
/// </summary>
internal sealed class VerpMetrics
{
    private static readonly KeyValuePair<string, object?>[] Tags =
    [
        .. Enum.GetNames<VerpResult>()
            .Select(name => KeyValuePair.Create("result", (object?)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];

    private readonly long[] _counts = new long[Tags.Length];

    /// <summary>Makes the counter.</summary>
    /// <param name="meters">Makes the meter, and owns it.</param>
    public VerpMetrics(IMeterFactory meters) =>
        meters
            .Create(Admin.ServerMetrics.MeterName)
            .CreateObservableCounter(
                "bouncemx.verp.recipients",
                () => _counts.Select((_, i) => new Measurement<long>(Interlocked.Read(ref _counts[i]), Tags[i])),
                "{recipient}",
                "Recipients of RCPT commands, by what their address turned out to be"
            );

    /// <summary>Counts one.</summary>
    public void Count(VerpResult result) => Interlocked.Increment(ref _counts[(int)result]);
}
