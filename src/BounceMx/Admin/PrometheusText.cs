using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

// A point is large, and what is called on it are read-only members: no copy is made.
#pragma warning disable RCS1242

namespace BounceMx.Admin;

/// <summary>
/// Writes metrics in Prometheus' text format, version 0.0.4, with the names that OpenTelemetry's compatibility specification gives them
/// (<see cref="PrometheusName"/>). Does counters, gauges and histograms with fixed buckets; leaves out exponential histograms, exemplars
/// and time stamps, which the format has no words for or we do not make.
/// </summary>
internal sealed class PrometheusText
{
    /// <summary>The media type of the page.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    // One family twice would make the page invalid as a whole.
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);

    /// <summary>The page so far; ends in LF.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Appends a metric with all its points.</summary>
    public void Append(Metric metric)
    {
        if (TypeOf(metric) is not { } type)
            return;
        string name = PrometheusName.Of(metric.Name, metric.Unit, isCounter: type == "counter");
        if (!_families.Add(name))
            return;
        if (metric.Description.Length > 0)
            _text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metric.Description)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = Labels(point.Tags);
            if (metric.MetricType == MetricType.Histogram)
                AppendHistogram(name, labels, point);
            else
                AppendSample(name, labels, Value(metric.MetricType, point));
        }
    }

    private static string? TypeOf(Metric metric) =>
        metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
            MetricType.Histogram => "histogram",
            _ => null,
        };

    private static string Value(MetricType type, in MetricPoint point) =>
        type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
            MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
            _ => Number(point.GetGaugeLastValueDouble()),
        };

    private void AppendHistogram(string name, string labels, in MetricPoint point)
    {
        long count = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            AppendSample(name + "_bucket", Join(labels, $"le=\"{Number(bucket.ExplicitBound)}\""), Number(count));
        }
        AppendSample(name + "_sum", labels, Number(point.GetHistogramSum()));
        AppendSample(name + "_count", labels, Number(count));
    }

    private void AppendSample(string name, string labels, string value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        string labels = "";
        foreach ((string key, object? value) in tags)
            labels = Join(
                labels,
                $"{PrometheusName.OfLabel(key)}=\"{EscapeQuoted(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\""
            );
        return labels;
    }

    private static string Join(string labels, string label) => labels.Length == 0 ? label : $"{labels},{label}";

    private static string Escape(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string EscapeQuoted(string text) => Escape(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
