using System.Globalization;
using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>
/// The files of the journal: <c>2026-11-22.jsonl</c>, then <c>2026-11-22_0002.jsonl</c> and so on; a day (UTC) begins a new one, and so does one
/// that is full. By name they are in the order in which they were written. Any other file in the folder is somebody else's.
/// </summary>
/// <param name="folder">The journal's folder; it need not be there.</param>
internal sealed class JournalFiles(string folder) : IRetainedFiles
{
    /// <summary>The default of <see cref="MaxOctets"/>: a file that an editor still opens, and a month of them that one can still list.</summary>
    public const long DefaultMaxOctets = 64L * 1024 * 1024;

    /// <summary>A day has no more files than that: the last one takes the rest of it.</summary>
    public const int MaxNumber = 9999;

    private const string DayFormat = "yyyy-MM-dd";
    private const string Ending = ".jsonl";

    /// <summary>Where they lie.</summary>
    public string Folder => folder;

    /// <summary>Octets that a file does not exceed, unless one batch of events alone does.</summary>
    public long MaxOctets { get; init; } = DefaultMaxOctets;

    /// <summary>Those of a data folder. The file that is being written stays, so it is to be a small part of what may be kept.</summary>
    public static JournalFiles In(StorageOptions options) =>
        new(JournalSink.FolderIn(options.Folder)) { MaxOctets = Math.Min(DefaultMaxOctets, options.RetainOctets / 16) };

    /// <summary>The name of a file.</summary>
    /// <param name="day">The UTC day of its events.</param>
    /// <param name="number">Which of that day's files: 1 to <see cref="MaxNumber"/>.</param>
    public static string Name(DateOnly day, int number) =>
        day.ToString(DayFormat, CultureInfo.InvariantCulture)
        + (number == 1 ? Ending : string.Create(CultureInfo.InvariantCulture, $"_{number:0000}{Ending}"));

    /// <summary>The paths of all files, in the order in which they were written.</summary>
    public IReadOnlyList<string> Paths()
    {
        if (!Directory.Exists(folder))
            return [];
        string[] paths = [.. Directory.EnumerateFiles(folder, "*" + Ending).Where(path => NumberOf(Path.GetFileName(path)) > 0)];
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    /// <summary>The number of a day's last file; 1 when it has none yet.</summary>
    public int LastOf(DateOnly day)
    {
        string prefix = Path.Combine(folder, day.ToString(DayFormat, CultureInfo.InvariantCulture));
        return Paths().LastOrDefault(path => path.StartsWith(prefix, StringComparison.Ordinal)) is { } last
            ? NumberOf(Path.GetFileName(last))
            : 1;
    }

    public IReadOnlyList<RetainedFile> All() =>
        [
            .. from path in Paths()
            let file = new FileInfo(path)
            where file.Exists
            select new RetainedFile(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)),
        ];

    // 0: it is none of the journal's.
    private static int NumberOf(ReadOnlySpan<char> name)
    {
        if (name.Length < DayFormat.Length + Ending.Length || !name.EndsWith(Ending, StringComparison.Ordinal))
            return 0;
        if (!DateOnly.TryParseExact(name[..DayFormat.Length], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return 0;
        return name[DayFormat.Length..^Ending.Length] switch
        {
            [] => 1,
            ['_', .. { Length: 4 } digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) =>
                number,
            _ => 0,
        };
    }
}
