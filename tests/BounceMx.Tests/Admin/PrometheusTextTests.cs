using System.Diagnostics.Metrics;
using System.Globalization;
using BounceMx.Admin;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BounceMx.Tests.Admin;

/// <summary>Prometheus' text format, version 0.0.4, of meters of the tests' own.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private static int s_meters;

    private readonly Meter _meter = new($"test.{Interlocked.Increment(ref s_meters)}");
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() =>
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(new BaseExportingMetricReader(_exporter)).Build();

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_counter_is_a_total()
    {
        Counter<long> counter = _meter.CreateCounter<long>("bouncemx.smtp.commands", "{command}", "Commands received, by verb");
        counter.Add(2, Label("verb", "MAIL"));
        counter.Add(1, Label("verb", "QUIT"));

        (await TextAsync()).ShouldBe(
            """
            # HELP bouncemx_smtp_commands_total Commands received, by verb
            # TYPE bouncemx_smtp_commands_total counter
            bouncemx_smtp_commands_total{verb="MAIL"} 2
            bouncemx_smtp_commands_total{verb="QUIT"} 1

            """.ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public async Task A_histogram_has_buckets_that_grow_a_sum_and_a_count()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "session.duration",
            "s",
            description: null,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5] }
        );
        foreach (double seconds in (double[])[0.25, 0.75, 0.8, 99])
            histogram.Record(seconds, Label("end", "closed"));

        (await TextAsync()).ShouldBe(
            """
            # TYPE session_duration_seconds histogram
            session_duration_seconds_bucket{end="closed",le="0.5"} 1
            session_duration_seconds_bucket{end="closed",le="1"} 3
            session_duration_seconds_bucket{end="closed",le="2.5"} 3
            session_duration_seconds_bucket{end="closed",le="+Inf"} 4
            session_duration_seconds_sum{end="closed"} 100.8
            session_duration_seconds_count{end="closed"} 4

            """.ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public async Task What_goes_up_and_down_is_a_gauge()
    {
        _meter.CreateUpDownCounter<long>("active").Add(-3);
        _meter.CreateUpDownCounter<double>("level").Add(-0.5);
        _meter.CreateObservableGauge("memory", () => 4096L, "By");
        _meter.CreateObservableGauge("load", () => 0.25);

        PrometheusPage page = await PageAsync();

        page.Types.Values.ShouldAllBe(type => type == "gauge");
        page.Samples.ShouldBe(
            new Dictionary<string, double>
            {
                ["active"] = -3,
                ["level"] = -0.5,
                ["memory_bytes"] = 4096,
                ["load"] = 0.25,
            },
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", @"a\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("\\n", @"\\n")]
    [InlineData("ä{}, ", "ä{}, ")]
    public async Task The_value_of_a_label_is_escaped(string value, string expected)
    {
        _meter.CreateCounter<long>("c").Add(1, Label("l", value));

        (await PageAsync()).Samples.Keys.ShouldHaveSingleItem().ShouldBe($"c_total{{l=\"{expected}\"}}");
    }

    [Fact]
    public async Task Help_is_escaped()
    {
        _meter.CreateCounter<long>("c", unit: null, "one\ntwo \"quoted\" \\").Add(1);

        (await PageAsync()).Helps["c_total"].ShouldBe(@"one\ntwo ""quoted"" \\");
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e300, "1E+300")]
    [InlineData(-0.1, "-0.1")]
    public async Task A_number_is_spelt_as_Prometheus_reads_it(double value, string expected)
    {
        _meter.CreateObservableGauge("g", () => value);

        (await TextAsync()).ShouldEndWith($"\ng {expected}\n");
        await PageAsync();
    }

    [Fact]
    public async Task The_culture_does_not_matter()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus";
        CultureInfo.CurrentCulture = culture;
        _meter.CreateObservableGauge("g", () => -0.5);

        (await TextAsync()).ShouldEndWith("\ng -0.5\n");
    }

    [Fact]
    public async Task Two_metrics_of_one_name_are_one_family()
    {
        _meter.CreateCounter<long>("a.b").Add(1);
        _meter.CreateCounter<long>("a_b").Add(2);

        (await PageAsync()).Samples["a_b_total"].ShouldBe(1);
    }

    [Fact]
    public async Task Without_metrics_the_page_is_empty() => (await TextAsync()).ShouldBe("");

    [Fact]
    public async Task Scrapes_at_the_same_time_each_get_a_whole_page()
    {
        Counter<long> counter = _meter.CreateCounter<long>("c");
        counter.Add(1);

        string[] pages = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(i =>
                    Task.Run(() =>
                    {
                        counter.Add(1, Label("i", i));
                        return TextAsync();
                    })
                )
        );

        foreach (string page in pages)
            PrometheusPage.Parse(page).Samples["c_total"].ShouldBe(1);
        (await PageAsync()).Samples.Count.ShouldBe(33);
    }

    [Theory]
    [InlineData("bouncemx.smtp.session.duration", "s", false, "bouncemx_smtp_session_duration_seconds")]
    [InlineData("bouncemx.smtp.input", "By", true, "bouncemx_smtp_input_bytes_total")]
    [InlineData("bouncemx.smtp.connections", "{connection}", true, "bouncemx_smtp_connections_total")]
    [InlineData("dotnet.jit.compilation.time", "s", true, "dotnet_jit_compilation_time_seconds_total")]
    [InlineData("size_bytes", "By", false, "size_bytes")]
    [InlineData("sum.total", "", true, "sum_total")]
    [InlineData("a..b--c", "", false, "a_b_c")]
    [InlineData("9lives", "", false, "_9lives")]
    [InlineData("", "", false, "_")]
    [InlineData("naïve:x", "furlong", false, "na_ve:x")]
    public void A_name_is_spelt_as_Prometheus_spells_it(string name, string unit, bool isCounter, string expected) =>
        PrometheusName.Of(name, unit, isCounter).ShouldBe(expected);

    [Theory]
    [InlineData("gc.heap.generation", "gc_heap_generation")]
    [InlineData("a:b", "a_b")]
    [InlineData("1st", "_1st")]
    public void A_label_is_spelt_as_Prometheus_spells_it(string key, string expected) => PrometheusName.OfLabel(key).ShouldBe(expected);

    private static KeyValuePair<string, object?> Label(string key, object value) => new(key, value);

    private Task<string> TextAsync() => _exporter.ScrapeAsync(TestContext.Current.CancellationToken);

    private async Task<PrometheusPage> PageAsync() => PrometheusPage.Parse(await TextAsync());
}
