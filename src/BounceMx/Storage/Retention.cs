namespace BounceMx.Storage;

/// <summary>
/// Lets go of what is old: messages with their events, and files of the journal.
/// Does: remove, oldest first, what is past <see cref="StorageOptions.RetainFor"/>, and what is beyond <see cref="StorageOptions.RetainOctets"/>;
/// in pieces so small that no message waits for one; give free pages back to the disk when they are many, as after an outage, and all of
/// them while the disk is low.
/// Does not: touch what is unread, what a sink of this run has not taken or has refused, or the file that is being written, however old or
/// large: when that fills the disk, <see cref="StorageOptions.Reserve"/> stops the mail. VACUUM, which would write all of it anew.
/// Gaps: the log of SQLite and messages that are coming in are not counted; free pages are, by the disk, until they are used or given back.
/// </summary>
internal sealed class Retention(
    Database database,
    Spool spool,
    IRetainedFiles journal,
    IReadOnlyList<string> sinks,
    StorageOptions options,
    DiskSpace disk,
    RetentionMetrics metrics,
    TimeProvider time,
    ILogger<Retention> logger
) : BackgroundService
{
    // A piece: measured at 1 ms of work for 64 messages of 4 KiB, less for 4 of 1 MiB, and a commit of some hundred KiB.
    private const int PieceMessages = 64;
    private const long PieceOctets = 4 * 1024 * 1024;

    // A file is used again up to its size: below that it is not worth the writing to make it smaller.
    private const long ShrinkFree = 64 * 1024 * 1024;
    private const int ShrinkPart = 4;

    // While something goes, what comes in a second is all that is over the bound.
    private static readonly TimeSpan PauseWhileRemoving = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportPause = TimeSpan.FromHours(1);

    private (long Messages, long Files) _removed;
    private DateTimeOffset _reportAt;
    private DateTimeOffset _warnAt;
    private bool _failed;
    private bool _knowsRoom;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
                await Task.Delay(await TryRunAsync(stoppingToken) ? PauseWhileRemoving : Pause, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is old is so at the next start, too.
        }
    }

    /// <summary>Removes what is to go now. Returns whether there was any.</summary>
    internal async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var reader = new RetentionReader(database.OpenReader());
        CheckRoom(reader);
        SpoolId last = default;
        for (bool removed = false; ; removed = true)
        {
            Piece piece = Choose(reader, last);
            metrics.SetSize(piece.DatabaseOctets, piece.JournalOctets);
            if (piece.File is { } file)
            {
                File.Delete(file);
                _removed.Files++;
            }
            else if (piece.Messages is [.., var end])
            {
                last = end;
                await RemoveAsync(piece, cancellationToken);
            }
            else
            {
                Report(piece);
                await ShrinkAsync(reader, cancellationToken);
                return removed;
            }
        }
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            bool removed = await RunOnceAsync(cancellationToken);
            _failed = false;
            return removed;
        }
#pragma warning disable CA1031 // whatever it is: a background service that throws stops the server, and nothing old is worth that
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!_failed)
                RetentionLog.Failed(logger, e.Message);
            _failed = true;
            return false;
        }
    }

    // What goes next: a file, or some messages, or nothing.
    private Piece Choose(RetentionReader reader, SpoolId after)
    {
        IReadOnlyList<RetainedFile> files = journal.All();
        var piece = new Piece(reader.ReadSize().Used, files.Sum(file => file.Octets), reader.ReadTaken(sinks));
        long excess = piece.Octets - options.RetainOctets;
        DateTimeOffset tooOld = time.GetUtcNow() - options.RetainFor;
        // To look for some reads the events of all that must stay: while a sink is far behind, those are many.
        IReadOnlyList<RemovableMessage> messages =
            excess > 0 || reader.ReadOldest() < tooOld ? reader.ReadRemovable(after, piece.Taken, PieceMessages) : [];
        DateTimeOffset oldest = messages is [var first, ..] ? first.ReceivedAt : DateTimeOffset.MaxValue;
        if (files is [var file, _, ..] && (file.WrittenAt < tooOld || (excess > 0 && file.WrittenAt < oldest)))
            return piece with { File = file.Path };

        long octets = 0;
        return piece with
        {
            Messages =
            [
                .. messages
                    .TakeWhile(message =>
                    {
                        bool goes = (message.ReceivedAt < tooOld || octets < excess) && octets < PieceOctets;
                        octets += message.Octets;
                        return goes;
                    })
                    .Select(message => message.Id),
            ],
        };
    }

    private async Task RemoveAsync(Piece piece, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int count = await spool.RemoveAsync(piece.Messages, piece.Taken, cancellationToken);
        metrics.CountRemoved(count);
        _removed.Messages += count;
        // The mail has the writer for at least half of its time.
        await Task.Delay(time.GetElapsedTime(start), time, cancellationToken);
    }

    private async Task ShrinkAsync(RetentionReader reader, CancellationToken cancellationToken)
    {
        while (reader.ReadSize() is { CanShrink: true, FreePages: > 0 } size && (disk.IsLow || IsMostlyFree(size)))
        {
            long start = time.GetTimestamp();
            var write = new Shrink();
            await database.EnqueueAsync(write, cancellationToken);
            await write.Task;
            await Task.Delay(time.GetElapsedTime(start), time, cancellationToken);
        }
    }

    private static bool IsMostlyFree(DatabaseSize size) => size.Free > ShrinkFree && size.FreePages > size.Pages / ShrinkPart;

    // Once: what the disk has for us must be more than what we keep on it, or mail is refused before anything goes for its size.
    private void CheckRoom(RetentionReader reader)
    {
        if (_knowsRoom)
            return;
        _knowsRoom = true;
        long kept = reader.ReadSize().Octets + journal.All().Sum(file => file.Octets);
        if (disk.Free - options.Reserve < options.RetainOctets - kept)
            RetentionLog.DiskTooSmall(logger, disk.Free + kept, options.RetainOctets, options.Reserve);
    }

    private void Report(Piece left)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_removed != default && now >= _reportAt)
        {
            RetentionLog.Removed(logger, _removed.Messages, _removed.Files, left.Octets);
            _removed = default;
            _reportAt = now + ReportPause;
        }
        // By more than the file that is being written and what just came: something keeps it from going.
        if (left.Octets > options.RetainOctets + (options.RetainOctets / 4) && now >= _warnAt)
        {
            RetentionLog.OverBound(logger, left.Octets, options.RetainOctets);
            _warnAt = now + ReportPause;
        }
    }

    /// <summary>What goes next, and the figures by which it was chosen.</summary>
    private readonly record struct Piece(long DatabaseOctets, long JournalOctets, long Taken)
    {
        public string? File { get; init; }

        public IReadOnlyList<SpoolId> Messages { get; init; } = [];

        public long Octets => DatabaseOctets + JournalOctets;
    }

    private sealed class Shrink : AwaitedWrite<bool>
    {
        protected override bool Run(WriteStatements statements)
        {
            statements.Shrink();
            return true;
        }
    }
}
