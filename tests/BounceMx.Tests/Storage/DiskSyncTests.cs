using BounceMx.Storage;
using Microsoft.Win32.SafeHandles;

namespace BounceMx.Tests.Storage;

public sealed class DiskSyncTests
{
    [Fact]
    public void Succeeds_on_a_file()
    {
        using var folder = new TemporaryFolder();
        using SafeFileHandle file = File.OpenHandle(folder.Write("a", "b"), FileMode.Open, FileAccess.ReadWrite);
        Should.NotThrow(() => DiskSync.Flush(file));
    }

    [Fact]
    public void Reports_an_fsync_that_fails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no /dev/null");
        // What is no storage cannot be synced: EINVAL (fsync(2)). FileStream.Flush(true) returns normally here.
        using SafeFileHandle nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        Should.Throw<IOException>(() => DiskSync.Flush(nowhere)).Message.ShouldStartWith("fsync: ");
    }

    [Fact]
    public void Succeeds_on_a_folder()
    {
        using var folder = new TemporaryFolder();
        Should.NotThrow(() => DiskSync.FlushFolder(folder.Path));
    }

    [Fact]
    public void Reports_a_folder_that_is_not_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "folders need no fsync");
        Should.Throw<IOException>(() => DiskSync.FlushFolder("/nowhere/at/all")).Message.ShouldStartWith("fsync: ");
    }
}
