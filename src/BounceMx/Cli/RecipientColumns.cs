using BounceMx.Hosting;

namespace BounceMx.Cli;

/// <summary>Where recipients, their tags and the address to be added stand in the rows of a CSV file.</summary>
internal sealed class RecipientColumns
{
    private const string RecipientName = "recipient";
    private const string TagName = "tag";
    private const string AddressName = "bounce_address";

    private readonly int _recipient;
    private readonly int[] _tags;
    private readonly int _address;
    private readonly int _count;

    /// <summary>Reads the header row.</summary>
    /// <exception cref="UsageException">No column is named <c>recipient</c>.</exception>
    public RecipientColumns(string[] header)
    {
        _recipient = Array.FindIndex(header, name => Is(name, RecipientName));
        if (_recipient < 0)
            throw new UsageException($"line 1: no column is named {RecipientName}; the columns are parted by commas");
        _tags = [.. Enumerable.Range(0, header.Length).Where(i => IsTag(header[i]))];
        _count = header.Length;
        int address = Array.FindIndex(header, name => Is(name, AddressName));
        _address = address < 0 ? _count : address;
        Header = Fill(header, AddressName);
    }

    /// <summary>The header row of what is written: a column more, unless there was one of that name.</summary>
    public string[] Header { get; }

    /// <summary>The recipient of a row.</summary>
    public string RecipientOf(string[] cells) => Cell(cells, _recipient);

    /// <summary>The tags of a row, in the order of their columns; empty cells are none.</summary>
    public string[] TagsOf(string[] cells) => _tags.Length == 0 ? [] : [.. _tags.Select(i => Cell(cells, i)).Where(tag => tag.Length > 0)];

    /// <summary>What is wrong with a row itself; <c>null</c> when nothing is.</summary>
    public string? FaultOf(string[] cells) =>
        cells.Length > _count ? $"the row has {cells.Length} cells, the header {_count}"
        // What was not UTF-8 arrives as U+FFFD, and would be written so.
        : cells.Any(cell => cell.Contains('\uFFFD', StringComparison.Ordinal)) ? "the row is not UTF-8"
        : null;

    /// <summary>The row with the address in its column; one that has too many cells is left as it is.</summary>
    public string[] Fill(string[] cells, string address)
    {
        if (cells.Length > _count)
            return cells;
        string[] filled = [.. cells, .. Enumerable.Repeat("", Math.Max(_count, _address + 1) - cells.Length)];
        filled[_address] = address;
        return filled;
    }

    private static string Cell(string[] cells, int column) => column < cells.Length ? cells[column].Trim() : "";

    private static bool Is(string name, string wanted) => name.AsSpan().Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static bool IsTag(string name) =>
        name.AsSpan().Trim().StartsWith(TagName, StringComparison.OrdinalIgnoreCase)
        && !name.AsSpan().Trim()[TagName.Length..].ContainsAnyExceptInRange('0', '9');
}
