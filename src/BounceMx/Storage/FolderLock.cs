using System.Globalization;
using System.Text;

namespace BounceMx.Storage;

/// <summary>
/// That one program serves from a data folder: two would each publish all events, and each take the other's messages for its own.
/// Does: hold <c>bouncemx.lock</c> (flock, which counts in every container that sees the folder; the kernel lets go of it however the process ends),
/// and say in <c>bouncemx.pid</c> who that is.
/// Does not: trust the process id, which is for people; keep out programs that open the database alone.
/// Gaps: file systems without locks, some network disks, let everybody in.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "bouncemx.lock";

    // Apart: what is locked cannot be read by others, and would not be on Windows at all.
    private const string ProcessIdName = "bouncemx.pid";

    // How .NET tells that another has the lock: EWOULDBLOCK of flock(2), ERROR_SHARING_VIOLATION.
    private const int LinuxAgain = 11;
    private const int MacAgain = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;
    private readonly string _processIdFile;

    private FolderLock(FileStream file, string processIdFile) => (_file, _processIdFile) = (file, processIdFile);

    /// <summary>Takes the folder, making it where it is not there.</summary>
    /// <exception cref="FolderTakenException">Another process has it.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static FolderLock Take(string folder)
    {
        OwnerOnly.CreateFolder(folder);
        string processIdFile = Path.Combine(folder, ProcessIdName);
        string lockFile = Path.Combine(folder, LockName);
        bool isNew = !File.Exists(lockFile);
        FileStream file = Open(lockFile, processIdFile);
        if (isNew)
            GiveToOwnerOf(folder, lockFile);
        WriteOwn(processIdFile);
        return new FolderLock(file, processIdFile);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_processIdFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It names a process that is gone; the next one overwrites it.
        }
        // The file stays: another may have opened it already, and would then hold a lock that nobody else sees.
        _file.Dispose();
    }

    private static FileStream Open(string path, string processIdFile)
    {
        try
        {
            return OwnerOnly.OpenFile(path, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LinuxAgain or MacAgain or WindowsSharingViolation)
        {
            throw new FolderTakenException(ReadOwner(processIdFile), e);
        }
    }

    // Root may be here before the server's own user, to recover.
    private static void GiveToOwnerOf(string folder, string path)
    {
        try
        {
            FileOwner.Copy(folder, path);
        }
        catch (IOException)
        {
            // Any other user may not, and need not.
        }
    }

    // A full disk, or what another user left there, keeps nobody from serving.
    private static void WriteOwn(string path)
    {
        try
        {
            using FileStream file = OwnerOnly.OpenFile(path);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is for people alone.
        }
    }

    // It may be about to write it, or be in a container of its own, where the number is another.
    private static string ReadOwner(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } id ? $"process {id}" : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

/// <summary>Another process has the data folder.</summary>
/// <param name="owner">Who, for people: <c>process 1234</c>.</param>
/// <param name="inner">What the system said.</param>
internal sealed class FolderTakenException(string owner, Exception inner)
    : Exception($"{owner} serves from it already; allowed: a folder of its own for each server (--data)", inner)
{
    /// <summary>Who has it, for people.</summary>
    public string Owner { get; } = owner;
}
