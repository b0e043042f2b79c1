using System.Text;

namespace BounceMx.Admin;

/// <summary>
/// The names of metrics and labels as Prometheus takes them, made from OpenTelemetry's: <c>bouncemx.smtp.session.duration</c> in <c>s</c> is
/// <c>bouncemx_smtp_session_duration_seconds</c>, a counter ends in <c>_total</c> (OpenTelemetry's "Prometheus and OpenMetrics compatibility").
/// </summary>
internal static class PrometheusName
{
    /// <summary>The name of a metric.</summary>
    /// <param name="name">OpenTelemetry's, with dots.</param>
    /// <param name="unit">UCUM; what stands in braces counts things and is no unit.</param>
    /// <param name="isCounter">Whether it only ever grows.</param>
    public static string Of(string name, string unit, bool isCounter)
    {
        string result = WithSuffix(Sanitize(name, allowColon: true), Word(unit));
        return isCounter ? WithSuffix(result, "total") : result;
    }

    /// <summary>The name of a label.</summary>
    public static string OfLabel(string key) => Sanitize(key, allowColon: false);

    // The units of our meters and of .NET's own; any other is left out.
    private static string Word(string unit) =>
        unit switch
        {
            "By" => "bytes",
            "s" => "seconds",
            "ms" => "milliseconds",
            _ => "",
        };

    private static string WithSuffix(string name, string suffix) =>
        suffix.Length == 0 || name.EndsWith($"_{suffix}", StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    // [a-zA-Z_:][a-zA-Z0-9_:]*, of which the colon is for metrics only. A run of other characters becomes one underscore.
    private static string Sanitize(string name, bool allowColon)
    {
        var result = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            result.Append('_');
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || (c == ':' && allowColon))
                result.Append(c);
            else if (result.Length == 0 || result[^1] != '_')
                result.Append('_');
        }
        return result.ToString();
    }
}
