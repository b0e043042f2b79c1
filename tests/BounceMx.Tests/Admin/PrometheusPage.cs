using System.Globalization;
using System.Text.RegularExpressions;

namespace BounceMx.Tests.Admin;

/// <summary>
/// Reads Prometheus' text format, version 0.0.4, more strictly than Prometheus itself: whatever the format does not allow throws.
/// Every sample must belong to a family that was announced, each family is one run of lines, a sample stands once.
/// </summary>
internal sealed partial class PrometheusPage
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _help = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    private PrometheusPage(string text)
    {
        if (text.Length == 0)
            return;
        text[^1].ShouldBe('\n', "the last line ends, too");
        string family = "";
        foreach (string line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
                _help.Add(help.Groups["name"].Value, help.Groups["text"].Value);
            else if (Type().Match(line) is { Success: true } type)
                _types.Add(family = type.Groups["name"].Value, type.Groups["type"].Value);
            else
                AddSample(family, line);
        }
        foreach (string announced in _help.Keys)
            _types.ShouldContainKey(announced);
        foreach ((string name, string _) in _types.Where(type => type.Value == "histogram"))
            CheckHistogram(name);
    }

    /// <summary>Types by family.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Help by family, as it stands there.</summary>
    public IReadOnlyDictionary<string, string> Helps => _help;

    /// <summary>Values by <c>name{label="value"}</c>, as it stands there.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>Reads a page.</summary>
    /// <exception cref="ShouldAssertException">The page is not valid.</exception>
    public static PrometheusPage Parse(string text) => new(text);

    private void AddSample(string family, string line)
    {
        Match sample = Sample().Match(line);
        sample.Success.ShouldBeTrue($"no line of the format: {line}");
        string name = sample.Groups["name"].Value;
        string[] names = _types[family] == "histogram" ? [$"{family}_bucket", $"{family}_sum", $"{family}_count"] : [family];
        names.ShouldContain(name, $"in the midst of {family}");
        sample.Groups["label"].Captures.Select(label => label.Value).ShouldBeUnique();
        double value = Number(sample.Groups["value"].Value);
        if (_types[family] == "counter")
        {
            name.ShouldEndWith("_total");
            value.ShouldBeGreaterThanOrEqualTo(0);
        }
        _samples.Add(name + sample.Groups["labels"].Value, value);
    }

    private void CheckHistogram(string name)
    {
        var series = _samples
            .Where(sample => sample.Key.StartsWith($"{name}_bucket{{", StringComparison.Ordinal))
            .Select(sample => (Labels: BucketBound().Replace(sample.Key[(name.Length + 7)..], ""), sample.Key, sample.Value))
            .GroupBy(sample => sample.Labels.Trim('{', '}', ','));
        foreach (var buckets in series)
        {
            double[] bounds = [.. buckets.Select(bucket => Number(BucketBound().Match(bucket.Key).Groups["bound"].Value))];
            bounds.ShouldBeInOrder();
            bounds[^1].ShouldBe(double.PositiveInfinity);
            buckets.Select(bucket => bucket.Value).ShouldBeInOrder();
            string labels = buckets.Key.Length == 0 ? "" : $"{{{buckets.Key}}}";
            _samples[$"{name}_count{labels}"].ShouldBe(buckets.Last().Value);
            _samples.ShouldContainKey($"{name}_sum{labels}");
        }
    }

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>([^\\]|\\\\|\\n)*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Help();

    [GeneratedRegex(
        "^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Type();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]|\\["\\n])*"(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]|\\["\\n])*")*\})? (?<value>[+-]Inf|NaN|-?[0-9][0-9.]*([eE][+-]?[0-9]+)?)$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Sample();

    [GeneratedRegex("""le="(?<bound>[^"]+)"$|le="(?<bound>[^"]+)"\}?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BucketBound();
}
