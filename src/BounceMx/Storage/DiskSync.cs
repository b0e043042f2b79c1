using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BounceMx.Storage;

/// <summary>
/// fsync that reports its failure. .NET's own <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> return normally when
/// the fsync failed (tried on Linux with an injected EIO), so that a full or dying disk would go unnoticed.
/// </summary>
internal static class DiskSync
{
    private const int OpenReadOnly = 0;
    private const int InvalidArgument = 22;

    /// <summary>Forces a file's content to disk.</summary>
    /// <exception cref="IOException">It did not get there.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!FlushFileBuffers(file))
                throw Failure();
        }
        else if (FSync(file) != 0)
        {
            throw Failure();
        }
    }

    /// <summary>Forces the names in a folder to disk: a file that was made or moved there is found there after a loss of power.</summary>
    /// <exception cref="IOException">They did not get there.</exception>
    public static void FlushFolder(string path)
    {
        // NTFS logs its names by itself.
        if (OperatingSystem.IsWindows())
            return;
        using SafeFileHandle folder = Open(path, OpenReadOnly);
        // Some file systems know no such thing (EINVAL).
        if (folder.IsInvalid || (FSync(folder) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument))
            throw Failure();
    }

    private static IOException Failure() => new("fsync: " + new Win32Exception(Marshal.GetLastPInvokeError()).Message);

    // DllImport, not LibraryImport: blittable but for the handle, and no unsafe code in the project.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(SafeFileHandle file);

    // .NET opens no folders.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FlushFileBuffers(SafeFileHandle file);
#pragma warning restore SYSLIB1054
}
