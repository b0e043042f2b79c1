using System.Runtime.Versioning;
using BounceMx.Publishing;
using BounceMx.Smtp.Bodies;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Storage;

/// <summary>Who may read what is in a data folder that everybody may enter, as systemd's StateDirectory makes it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnerOnlyTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public OwnerOnlyTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        _data = Path.Combine(_folder.Path, "data");
        Directory.CreateDirectory(_data);
        File.SetUnixFileMode(_data, OwnerFolder | Others);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_database_its_log_and_its_index_are_the_owner_s()
    {
        await using var database = Database.Open(_data);
        await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, new byte[10], CancellationToken.None);

        Modes(_data).ShouldBe([("bouncemx.db", Owner), ("bouncemx.db-shm", Owner), ("bouncemx.db-wal", Owner)]);
    }

    [Fact]
    public async Task A_database_keeps_the_mode_that_its_owner_gave_it()
    {
        string file = Path.Combine(_data, "bouncemx.db");
        await using (Database.Open(_data)) { }
        File.SetUnixFileMode(file, Owner | UnixFileMode.GroupRead);

        await using (Database.Open(_data)) { }

        File.GetUnixFileMode(file).ShouldBe(Owner | UnixFileMode.GroupRead);
    }

    [Fact]
    public async Task The_journal_and_its_files_are_the_owner_s()
    {
        string folder = JournalSink.FolderIn(_data);
        using var journal = new JournalSink(
            new JournalFiles(folder),
            null,
            new ManualTime("2026-11-22T12:00:00Z"),
            NullLogger<JournalSink>.Instance
        );

        await journal.PublishAsync([], CancellationToken.None);

        File.GetUnixFileMode(folder).ShouldBe(OwnerFolder);
        Modes(folder).ShouldHaveSingleItem().Mode.ShouldBe(Owner);
    }

    [Fact]
    public void The_folder_of_messages_that_come_in_is_the_owner_s()
    {
        string folder = Path.Combine(_data, "incoming");

        _ = new BodyStore(folder, new BodyLimits());

        File.GetUnixFileMode(folder).ShouldBe(OwnerFolder);
    }

    private static IEnumerable<(string Name, UnixFileMode Mode)> Modes(string folder) =>
        Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.GetUnixFileMode(file)));
}
