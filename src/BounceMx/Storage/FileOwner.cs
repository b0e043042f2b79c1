using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BounceMx.Storage;

/// <summary>
/// Owner and group of a file or a folder, which .NET cannot tell or set. Known gap: on Linux only, as the shape of <c>stat</c> differs from system to system,
/// that of <c>statx</c> (statx(2)) does not.
/// </summary>
internal static class FileOwner
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint OwnerAndGroup = 0x8 | 0x10; // STATX_UID, STATX_GID

    /// <summary>Gives one the owner and the group of another, where they are not the same already.</summary>
    /// <exception cref="IOException">This user may not.</exception>
    public static void Copy(string from, string to)
    {
        if (OperatingSystem.IsLinux() && Read(from) is var owner && owner != Read(to))
            Check(ChangeOwner(to, owner.User, owner.Group), "chown");
    }

    private static (uint User, uint Group) Read(string path)
    {
        // struct statx: 256 octets, stx_uid at 20, stx_gid at 24, in the machine's own order.
        byte[] status = new byte[256];
        Check(ReadStatus(CurrentFolder, path, flags: 0, OwnerAndGroup, status), "statx");
        return (BitConverter.ToUInt32(status, 20), BitConverter.ToUInt32(status, 24));
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new IOException($"{call}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    // DllImport, not LibraryImport: no unsafe code in the project.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadStatus(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        [Out] byte[] status
    );

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
#pragma warning restore SYSLIB1054
}
