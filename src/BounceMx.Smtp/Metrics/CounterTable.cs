using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>
/// A counter with one label of known values: a number for each, asked for when somebody collects. For what happens with every command: to
/// find a label among those seen so far, as a collector of pushed measurements must, costs several times the increment.
/// </summary>
internal sealed class CounterTable
{
    private readonly Tag[] _tags;
    private readonly long[] _counts;

    public CounterTable(Meter meter, string name, string unit, string description, Tag[] tags)
    {
        _tags = tags;
        _counts = new long[tags.Length];
        meter.CreateObservableCounter(name, Observe, unit, description);
    }

    /// <summary>Counts one.</summary>
    /// <param name="row">The place of the label among the tags.</param>
    public void Increment(int row) => Interlocked.Increment(ref _counts[row]);

    // What never happened is left out: most reply codes never do.
    private IEnumerable<Measurement<long>> Observe()
    {
        for (int row = 0; row < _tags.Length; row++)
        {
            if (Interlocked.Read(ref _counts[row]) is > 0 and var count)
                yield return new Measurement<long>(count, _tags[row]);
        }
    }
}
