namespace BounceMx.Storage;

/// <summary>
/// Makes folders and files that nobody but this user can read, whatever the umask and the mode of the folder above: all of them hold mail.
/// What is there already keeps its mode, as its owner may have meant it. On Windows the folder's access list decides.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode FileMask = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder with mode 0700 where it is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FileMask | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file to read and write, unbuffered and, by default, shared; makes it with mode 0600 where it is not there.</summary>
    /// <exception cref="IOException">It cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static FileStream OpenFile(string path, FileShare share = FileShare.ReadWrite)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMask;
        return new FileStream(path, options);
    }
}
