using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BounceMx.Storage;

/// <summary>
/// Whether the file that a connection has open was removed, moved or replaced since. SQLite asks that itself before it writes a rollback
/// journal, but not in WAL mode, where it goes on writing a file that nobody finds again.
/// </summary>
internal static class MovedFile
{
    // SQLITE_FCNTL_HAS_MOVED: one stat(2), which compares the inodes. Where the system has none (Windows), an open file cannot go.
    private const int HasMoved = 20;

    /// <summary>Asks for the main file of <paramref name="connection"/>.</summary>
    public static bool Is(SqliteConnection connection)
    {
        int moved = 0;
        return FileControl(connection.Handle!, "main", HasMoved, ref moved) == raw.SQLITE_OK && moved != 0;
    }

    // DllImport, not LibraryImport: no unsafe code in the project. The library's own wrapper does not have it.
#pragma warning disable SYSLIB1054
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(
        sqlite3 connection,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        int operation,
        ref int result
    );
#pragma warning restore SYSLIB1054
}
