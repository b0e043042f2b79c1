using System.Globalization;
using System.Text;
using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>
/// The local journal: <c>journal/2026-11-22.jsonl</c> in the data folder, one event a line, a file a UTC day.
/// Does: append, fsync, then return; remove a line that a crash cut in the middle, whose event comes again.
/// Does not: deduplicate (an event published again after a crash stands here twice, under the same id); remove old files.
/// </summary>
internal sealed class JournalSink(string folder, IEventConsole? console, TimeProvider time, ILogger<JournalSink> logger)
    : ISink,
        IDisposable
{
    private IEventConsole? _console = console;
    private FileStream? _file;
    private DateOnly _day;

    public string Name => "journal";

    /// <summary>Where the journal lies in a data folder.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "journal");

    /// <summary>The file of a day.</summary>
    public static string FileName(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".jsonl";

    public async Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        FileStream file = OpenToday();
        long start = file.Length;
        try
        {
            await file.WriteAsync(Lines(events), cancellationToken);
            await file.FlushAsync(cancellationToken);
            DiskSync.Flush(file.SafeFileHandle);
        }
        catch
        {
            // The next try opens the file anew and begins where this one began.
            Close(file, start);
            throw;
        }
        Show(events);
        return [];
    }

    // The events are safe already: a terminal that has gone must not bring them here again.
    private void Show(IReadOnlyList<StoredEvent> events)
    {
        if (_console is null)
            return;
        try
        {
            foreach (StoredEvent stored in events)
                _console.Show(stored.Read());
        }
#pragma warning disable CA1031 // whatever it is: it is only the showing
        catch (Exception e)
#pragma warning restore CA1031
        {
            _console = null;
            PublishingLog.ConsoleFailed(logger, e.Message);
        }
    }

    private static byte[] Lines(IReadOnlyList<StoredEvent> events)
    {
        var lines = new byte[events.Sum(stored => Encoding.UTF8.GetByteCount(stored.Data) + 1)];
        int at = 0;
        foreach (StoredEvent stored in events)
        {
            at += Encoding.UTF8.GetBytes(stored.Data, lines.AsSpan(at));
            lines[at++] = (byte)'\n';
        }
        return lines;
    }

    private FileStream OpenToday()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_file is not null && _day == today)
            return _file;
        _file?.Dispose();
        _file = null;
        OwnerOnly.CreateFolder(folder);
        string path = Path.Combine(folder, FileName(today));
        // Unbuffered: a batch is one write.
        FileStream file = OwnerOnly.OpenFile(path);
        RemoveCutLine(file, path);
        _day = today;
        return _file = file;
    }

    private void RemoveCutLine(FileStream file, string path)
    {
        long end = file.Length;
        Span<byte> last = stackalloc byte[1];
        while (end > 0)
        {
            file.Position = end - 1;
            file.ReadExactly(last);
            if (last[0] == '\n')
                break;
            end--;
        }
        if (end != file.Length)
        {
            PublishingLog.JournalRepaired(logger, path, file.Length - end);
            file.SetLength(end);
        }
        file.Position = end;
    }

    private void Close(FileStream file, long length)
    {
        _file = null;
        try
        {
            file.SetLength(length);
        }
        catch (IOException)
        {
            // What stands behind is found and removed as a cut line, or comes twice.
        }
        file.Dispose();
    }

    public void Dispose() => _file?.Dispose();
}
