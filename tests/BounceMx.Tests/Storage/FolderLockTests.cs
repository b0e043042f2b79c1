using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_taken_once()
    {
        using var first = FolderLock.Take(_folder.Path);

        Should.Throw<FolderTakenException>(() => FolderLock.Take(_folder.Path)).Owner.ShouldBe($"process {Environment.ProcessId}");
    }

    [Fact]
    public void Who_was_refused_takes_nothing_from_the_one_who_has_it()
    {
        using var first = FolderLock.Take(_folder.Path);
        Should.Throw<FolderTakenException>(() => FolderLock.Take(_folder.Path));

        Should.Throw<FolderTakenException>(() => FolderLock.Take(_folder.Path));
    }

    [Fact]
    public void A_folder_that_was_let_go_of_can_be_taken()
    {
        FolderLock.Take(_folder.Path).Dispose();

        Should.NotThrow(() => FolderLock.Take(_folder.Path).Dispose());
    }

    [Fact]
    public void What_a_killed_process_left_is_no_lock()
    {
        _folder.Write("bouncemx.lock", "");
        _folder.Write("bouncemx.pid", "1234567890");

        using var taken = FolderLock.Take(_folder.Path);

        File.ReadAllText(Path.Combine(_folder.Path, "bouncemx.pid")).ShouldBe($"{Environment.ProcessId}");
    }

    [Fact]
    public void A_process_id_that_cannot_be_written_keeps_nobody_out()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "bouncemx.pid"));

        Should.NotThrow(() => FolderLock.Take(_folder.Path).Dispose());
    }

    [Fact]
    public void A_folder_is_made_where_there_is_none()
    {
        string folder = Path.Combine(_folder.Path, "data");

        FolderLock.Take(folder).Dispose();

        Directory.Exists(folder).ShouldBeTrue();
    }
}
