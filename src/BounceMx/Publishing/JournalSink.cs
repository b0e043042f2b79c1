using System.Text;
using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>
/// The local journal: <c>journal/2026-11-22.jsonl</c> in the data folder (<see cref="JournalFiles"/>), one event a line.
/// Does: append, fsync, then return; begin a new file with the day and when one is full, or when it was moved or removed; remove a line that
/// a crash cut in the middle, whose event comes again.
/// Does not: deduplicate (an event published again after a crash, or while its file was moved, stands here twice, under the same id); remove
/// old files (<see cref="Retention"/>).
/// </summary>
internal sealed class JournalSink(JournalFiles files, IEventConsole? console, TimeProvider time, ILogger<JournalSink> logger)
    : ISink,
        IDisposable
{
    private IEventConsole? _console = console;
    private FileStream? _file;
    private FilePlace? _place;
    private DateOnly _day;
    private int _number;

    public string Name => "journal";

    /// <summary>Where the journal lies in a data folder.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "journal");

    public async Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        byte[] lines = Lines(events);
        do
        {
            await AppendAsync(OpenFor(lines.Length), lines, cancellationToken);
            // One that was removed meanwhile has taken them with it. One that was moved has them; here they stand again.
        } while (!_place!.IsKept());
        Show(events);
        return [];
    }

    private async Task AppendAsync(FileStream file, byte[] lines, CancellationToken cancellationToken)
    {
        long start = file.Length;
        try
        {
            await file.WriteAsync(lines, cancellationToken);
            await file.FlushAsync(cancellationToken);
            DiskSync.Flush(file.SafeFileHandle);
        }
        catch
        {
            // The next try opens the file anew and begins where this one began.
            Close(file, start);
            throw;
        }
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

    private FileStream OpenFor(int octets)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_file is null || _day != today || !_place!.IsKept())
            Open(today, files.LastOf(today));
        while (_file!.Length > 0 && _file.Length + octets > files.MaxOctets && _number < JournalFiles.MaxNumber)
            Open(today, _number + 1);
        return _file;
    }

    private void Open(DateOnly day, int number)
    {
        _file?.Dispose();
        _file = null;
        OwnerOnly.CreateFolder(files.Folder);
        string path = Path.Combine(files.Folder, JournalFiles.Name(day, number));
        // Unbuffered: a batch is one write.
        FileStream file = OwnerOnly.OpenFile(path);
        try
        {
            RemoveCutLine(file, path);
            // It may be new, and so may its folder; files are opened so rarely that it does not matter if they are not.
            DiskSync.FlushFolder(files.Folder);
            DiskSync.FlushFolder(Path.Combine(files.Folder, ".."));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        (_file, _place, _day, _number) = (file, new FilePlace(file), day, number);
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
