namespace BounceMx.Storage;

/// <summary>
/// Copies one table by ranges of its row numbers: a range that cannot be read is halved until what is left are the single rows that cannot, so that
/// a damaged page costs the rows that need it. Where nothing can be read for long, as the page above all of them is gone, it takes larger and larger
/// steps: any number of rows ends in bounded time.
/// </summary>
internal sealed class SalvageTable(Salvage salvage, string table, string id)
{
    /// <summary>No number is larger, unless it was read from a damaged page: a thousand million messages a day for three years.</summary>
    public const long LargestId = 1L << 40;

    /// <summary>Rows at a time, while all is well.</summary>
    private const long Step = 1024;

    /// <summary>Numbers in a row that are tried one by one; beyond, only ranges are. About ten seconds' worth.</summary>
    private const long Patience = 1 << 18;

    private readonly string _columns = salvage.Columns(table);
    private readonly List<(long First, long Last)> _lost = [];
    private long _otherwiseLost;
    private bool _isKnown = true;

    /// <summary>The numbers that could not be read, ascending.</summary>
    public IReadOnlyList<(long First, long Last)> LostRanges => _lost;

    /// <summary>Copies what can be read.</summary>
    /// <param name="bound">How far the numbers go: where they cannot be found, they are tried up to there.</param>
    public void Copy(Bound bound)
    {
        _isKnown = bound.IsExact || bound.Last > 0;
        // A table that an older schema does not have has lost nothing: its numbers end at 0.
        if (_columns.Length == 0)
        {
            if (bound.Last > 0)
                AddLost(1, bound.Last);
            return;
        }
        long step = Step;
        long barren = 0;
        for (long low = 1; low <= LargestId; low += step)
        {
            bool isFound = salvage.TryRead($"SELECT min({id}) FROM old.{table} WHERE {id} >= $1", out long? first, low);
            if (isFound ? first is null or > LargestId : low > bound.Last)
                return;
            low = Math.Max(low, first ?? 0);
            step = barren < Patience ? Step : step * 2;
            long high = low + step - 1;
            long saved = isFound || barren < Patience ? CopyRange(low, high, bound) : CopyWhole(low, high, bound);
            barren = saved > 0 ? 0 : barren + step;
        }
    }

    /// <summary>Counts rows that were read, and were no good.</summary>
    public void AddLost(int count) => _otherwiseLost += count;

    /// <summary>What became of the table.</summary>
    public SalvagedTable Report() =>
        new(table, salvage.Count(table), _isKnown ? _lost.Sum(range => range.Last - range.First + 1) + _otherwiseLost : null);

    private long CopyRange(long low, long high, Bound bound)
    {
        if (TryCopy(low, high) is { } saved)
            return saved;
        if (low == high)
        {
            CopyWhole(low, high, bound);
            return 0;
        }
        long middle = low + (high - low) / 2;
        return CopyRange(low, middle, bound) + CopyRange(middle + 1, high, bound);
    }

    // Numbers above the last one that there ever was are not lost.
    private long CopyWhole(long low, long high, Bound bound)
    {
        if (TryCopy(low, high) is { } saved)
            return saved;
        if (low <= bound.Last)
            AddLost(low, Math.Min(high, bound.Last));
        return 0;
    }

    private int? TryCopy(long low, long high) =>
        salvage.TryExecute(
            $"INSERT OR IGNORE INTO main.{table} ({_columns}) SELECT {_columns} FROM old.{table} WHERE {id} BETWEEN $1 AND $2",
            low,
            high
        );

    private void AddLost(long low, long high)
    {
        if (_lost is [.., var (first, last)] && last == low - 1)
            _lost[^1] = (first, high);
        else
            _lost.Add((low, high));
    }
}
