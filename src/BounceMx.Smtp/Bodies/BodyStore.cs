using Microsoft.Win32.SafeHandles;

namespace BounceMx.Smtp.Bodies;

/// <summary>
/// What the bodies of all sessions share: the folder of their temporary files, and the budget. A file is removed from its folder as soon as
/// it is open (on Windows: when it is closed): no end of a session leaves it behind, a crash at most one that was just made, which the next
/// start removes. The files need no fsync: who promises that a message is safe writes it elsewhere.
/// </summary>
public sealed class BodyStore
{
    private const string Suffix = ".body";

    // ENOSPC and EDQUOT on Linux, ERROR_DISK_FULL on Windows.
    private static readonly int[] DiskFullCodes = [28, 122, unchecked((int)0x80070070)];

    private readonly string _folder;

    /// <summary>Makes the folder where it is not there, for this user alone, and removes what a crash may have left in it.</summary>
    /// <param name="folder">A folder of its own, on a disk with room for <see cref="BodyLimits.BodiesHardLimit"/>.</param>
    /// <param name="limits">How much is held at once.</param>
    /// <exception cref="IOException">The folder cannot be made or emptied.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public BodyStore(string folder, BodyLimits limits)
    {
        _folder = Path.GetFullPath(folder);
        CreateFolder();
        foreach (string left in Directory.EnumerateFiles(_folder, $"*{Suffix}"))
            File.Delete(left);
        Budget = new BodyBudget(limits);
    }

    /// <summary>Octets held by all sessions.</summary>
    internal BodyBudget Budget { get; }

    /// <summary>A new empty file, gone when it is closed.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal SafeFileHandle OpenFile()
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}{Suffix}");
        FileOptions removal = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, removal);
        if (OperatingSystem.IsWindows())
            return file;
        try
        {
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whether a fault says that the disk, or our share of it, is full.</summary>
    public static bool IsDiskFull(Exception exception) => exception is IOException && DiskFullCodes.Contains(exception.HResult);
}
