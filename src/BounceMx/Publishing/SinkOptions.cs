using System.ComponentModel.DataAnnotations;

namespace BounceMx.Publishing;

/// <summary>Section <c>Sinks</c>: how far a sink may lag behind before the server says that it is not ready.</summary>
internal sealed class SinkOptions
{
    /// <summary>The age of the oldest event that a sink has not taken. Default 5 minutes: longer than a Redis takes to start again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "00:00:01 to 365.00:00:00 (d.hh:mm:ss)")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Events that a sink has not taken. Default a million: four minutes at 4,500 messages a second.</summary>
    [Range(1, long.MaxValue, ErrorMessage = "1 or more")]
    public long MaxLagEvents { get; set; } = 1_000_000;
}
