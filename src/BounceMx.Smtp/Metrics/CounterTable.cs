using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>
/// A counter with one label of known values: a number for each, asked for when somebody collects. For what happens with every command: to
/// find a label among those seen so far, as a collector of pushed measurements must, costs several times the increment. And for what has to
/// be there as 0 from the start: Prometheus' <c>rate()</c> does not see the first count of a series that begins with it.
/// </summary>
internal sealed class CounterTable
{
    private readonly Tag[] _tags;
    private readonly long[] _counts;
    private readonly Predicate<int>? _showsZero;

    /// <summary>Makes the counter.</summary>
    /// <param name="meter">Its meter.</param>
    /// <param name="name">Its name, with dots.</param>
    /// <param name="unit">UCUM.</param>
    /// <param name="description">What is counted.</param>
    /// <param name="tags">The label in each row.</param>
    /// <param name="showsZero">Which rows are there before their first count; <c>null</c>: all.</param>
    public CounterTable(Meter meter, string name, string unit, string description, Tag[] tags, Predicate<int>? showsZero = null)
    {
        _tags = tags;
        _showsZero = showsZero;
        _counts = new long[tags.Length];
        meter.CreateObservableCounter(name, Observe, unit, description);
    }

    /// <summary>Counts one.</summary>
    /// <param name="row">The place of the label among the tags.</param>
    public void Increment(int row) => Interlocked.Increment(ref _counts[row]);

    private IEnumerable<Measurement<long>> Observe()
    {
        for (int row = 0; row < _tags.Length; row++)
        {
            long count = Interlocked.Read(ref _counts[row]);
            if (count > 0 || _showsZero?.Invoke(row) != false)
                yield return new Measurement<long>(count, _tags[row]);
        }
    }
}
