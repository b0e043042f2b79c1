using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BounceMx.Admin;

/// <summary>
/// Collects the metrics when somebody asks for them, and gives them as Prometheus' text. Scrapes take turns: each gets a page of its own
/// collection, and a hundred at once cost no more than one after the other.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly SemaphoreSlim _turn = new(1);
    private string _page = "";

    /// <summary>Set by the reader that this exporter is given to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects, and returns the page.</summary>
    /// <exception cref="InvalidOperationException">The metrics could not be collected, or no longer are.</exception>
    public async Task<string> ScrapeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Calls Export on this thread.
            if (Collect?.Invoke(Timeout.Infinite) != true)
                throw new InvalidOperationException("The metrics could not be collected");
            return _page;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new PrometheusText();
        foreach (Metric metric in batch)
            text.Append(metric);
        _page = text.ToString();
        return ExportResult.Success;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _turn.Dispose();
        base.Dispose(disposing);
    }
}
