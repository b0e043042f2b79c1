using System.Diagnostics.Metrics;
using BounceMx.Mail.Classification;

namespace BounceMx.Pipeline;

/// <summary>
/// Counts events as they are stored. Every pair of type and severity is there from the start, as 0: Prometheus' <c>rate()</c> does not see the
/// first count of a series that begins with it.
/// </summary>
internal sealed class EventMetrics
{
    private static readonly string[] Types =
    [
        EventTypes.Bounce,
        EventTypes.Delay,
        EventTypes.Delivered,
        EventTypes.Complaint,
        EventTypes.AutoReply,
        EventTypes.Other,
    ];

    private static readonly string[] Levels = [.. Enum.GetValues<Severity>().Select(severity => severity.ToWire())];

    private static readonly KeyValuePair<string, object?>[][] Tags =
    [
        .. from type in Types from level in Levels select (KeyValuePair<string, object?>[])[new("type", type), new("severity", level)],
    ];

    private readonly long[] _counts = new long[Tags.Length];

    /// <summary>Makes the counter.</summary>
    /// <param name="meters">Makes the meter, and owns it.</param>
    public EventMetrics(IMeterFactory meters) =>
        meters
            .Create(Admin.ServerMetrics.MeterName)
            .CreateObservableCounter(
                "bouncemx.events",
                () => _counts.Select((_, i) => new Measurement<long>(Interlocked.Read(ref _counts[i]), Tags[i])),
                "{event}",
                "Events stored"
            );

    /// <summary>Counts the events of a message.</summary>
    public void Count(IReadOnlyList<BounceEvent> events)
    {
        foreach (BounceEvent bounceEvent in events)
        {
            int type = Array.IndexOf(Types, bounceEvent.Type);
            int level = Array.IndexOf(Levels, bounceEvent.Severity);
            if (type >= 0 && level >= 0)
                Interlocked.Increment(ref _counts[(type * Levels.Length) + level]);
        }
    }
}
