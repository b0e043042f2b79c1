using System.ComponentModel.DataAnnotations;

namespace BounceMx.Hosting;

/// <summary>
/// Section <c>Telemetry</c>: where metrics are sent, beside <c>/metrics</c> of the admin listener. What is not set here is as the standard
/// variables of OpenTelemetry say (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>…_PROTOCOL</c>, <c>…_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>).
/// </summary>
internal sealed class TelemetrySettings
{
    /// <summary>The variable that stands for <see cref="OtlpEndpoint"/> where it is empty.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The collector's URL; <c>/v1/metrics</c> is appended where the protocol is HTTP. Empty, and no variable set: nothing is sent.</summary>
    [CollectorUrl]
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How the collector is spoken to. OpenTelemetry's own default in .NET: gRPC.</summary>
    public OtlpProtocol? OtlpProtocol { get; set; }

    /// <summary>How often metrics are sent. OpenTelemetry's own default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "00:00:01 to 01:00:00 (hh:mm:ss)")]
    public TimeSpan? ExportInterval { get; set; }
}

/// <summary>The forms of OTLP.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, usually at port 4317.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, usually at port 4318.</summary>
    Http,
}

/// <summary>The value is empty, or the URL of an OpenTelemetry collector. No user name: who needs one sets OTEL_EXPORTER_OTLP_HEADERS.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CollectorUrlAttribute() : ValidationAttribute(Allowed)
{
    public const string Allowed = "an http or https URL without user name and query, such as http://localhost:4317";

    public override bool IsValid(object? value) => value is not string { Length: > 0 } text || IsUrl(text);

    /// <summary>Whether a collector can be spoken to at the URL.</summary>
    public static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.Host.Length > 0
        && url is { UserInfo: "", Query: "", Fragment: "" };
}
