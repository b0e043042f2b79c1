using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BounceMx.Hosting;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary><c>bouncemx recover</c>: a new database from what can be read of a damaged one.</summary>
internal static class RecoverCommand
{
    // Of the journal: messages are read about in the order of their numbers, so the largest is among the last.
    private const int LastEvents = 1000;

    public static Command Create()
    {
        var data = new DataFolderOptions();
        var command = new Command("recover", "Save what can be read of a damaged database; the server must not run");
        data.AddTo(command);
        command.SetAction((result, _) => RunAsync(data.Folder(result)));
        return command;
    }

    private static async Task<int> RunAsync(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"{folder}: there is no such folder; name the server's data folder with --data");
        try
        {
            using FolderLock folderLock = FolderLock.Take(folder);
            return await RunAloneAsync(folder);
        }
        catch (FolderTakenException e)
        {
            throw new UsageException($"{folder}: {e.Owner} serves from it: stop the server first", e);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return BounceMxCommand.Fail(
                $"{folder}: broken off: {e.Message}; when that is mended, bouncemx recover goes on",
                BounceMxCommand.InternalFault
            );
        }
    }

    private static async Task<int> RunAloneAsync(string folder)
    {
        var files = new DataFiles(folder);
        IntegrityReport report = IntegrityCheck.Run(folder, StorageCheck.Full, TimeProvider.System);
        if (report.Damage is null)
        {
            Console.WriteLine(
                report.Octets > 0
                    ? $"{TerminalText.Clean(files.Main)} is sound ({report.Octets} octets checked); nothing was changed"
                    : $"There is no database in {TerminalText.Clean(folder)}; nothing was changed"
            );
            return 0;
        }
        Console.WriteLine($"{TerminalText.Clean(files.Main)} is damaged: {TerminalText.Clean(report.Damage)}");
        (string damaged, IReadOnlyList<SalvagedTable> tables) = await Recovery.RunAsync(folder, LastSpoolId(folder), TimeProvider.System);
        Show(tables);
        string old = TerminalText.Clean(damaged);
        Console.WriteLine(
            $"The new database is in place. The damaged files are in {old}, as they were; once they are not needed, remove them."
        );
        Console.WriteLine($"SQLite's own tool may find more in them: sqlite3 {Path.Combine(old, DataFiles.Name)} .recover");
        return 0;
    }

    private static void Show(IReadOnlyList<SalvagedTable> tables)
    {
        if (tables.Count == 0)
            return;
        Table table = new Table { Border = TableBorder.Simple }
            .AddColumn("table")
            .AddColumn("rows saved", column => column.RightAligned())
            .AddColumn("known to be lost", column => column.RightAligned());
        foreach ((string name, long saved, long? lost) in tables)
            table.AddRow(name, Number(saved), lost is null ? "unknown" : Number(lost.Value));
        Terminal.ForTables.Write(table);
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number that a message had; 0 when none is known. The database may not know its own any more; the journal is only a hint, and may be damaged, too.</summary>
    internal static long LastSpoolId(string folder)
    {
        long last = 0;
        try
        {
            using var journal = new JournalReader(JournalSink.FolderIn(folder));
            journal.SkipToLast(LastEvents);
            foreach (string line in journal.ReadNew())
                last = Math.Max(last, SpoolIdOf(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was read until here counts.
        }
        return last;
    }

    private static long SpoolIdOf(string line)
    {
        try
        {
            return EventJson.Read(line) is { SpoolId: <= SalvageTable.LargestId and var id } ? id : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
