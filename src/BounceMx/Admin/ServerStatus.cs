using System.Text.Json.Serialization;
using BounceMx.Pipeline;

namespace BounceMx.Admin;

/// <summary>The spool in figures.</summary>
internal sealed record SpoolStatus(long Stored, long Unread);

/// <summary>A sink in figures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lag">Events that it has not taken yet.</param>
/// <param name="LagSeconds">How long the oldest of them has been waiting; 0 when there is none.</param>
/// <param name="Dead">Events that it refused for good.</param>
/// <param name="Failures">Tries that failed since the start.</param>
/// <param name="Fault">Why it takes none at the moment; <c>null</c> when all is well.</param>
internal sealed record SinkStatus(string Name, long Lag, double LagSeconds, long Dead, long Failures, string? Fault);

/// <summary>How the server is.</summary>
/// <param name="ReadAt">When that was read; it may be a second old.</param>
/// <param name="Ready">Whether it should be sent mail: there are no faults.</param>
/// <param name="Spool"><c>null</c> when the database cannot be read.</param>
/// <param name="Sinks">Empty when the database cannot be read.</param>
/// <param name="Faults">Why it is not ready.</param>
/// <param name="Warnings">What somebody should look at, though mail is taken and nothing is lost.</param>
internal sealed record ServerStatus(
    [property: JsonConverter(typeof(Rfc3339Converter))] DateTimeOffset ReadAt,
    bool Ready,
    SpoolStatus? Spool,
    IReadOnlyList<SinkStatus> Sinks,
    IReadOnlyList<string> Faults,
    IReadOnlyList<string> Warnings
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class AdminJson : JsonSerializerContext;
