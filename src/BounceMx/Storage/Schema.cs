using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>The tables, and how a connection is set up.</summary>
internal static class Schema
{
    /// <summary>
    /// WAL with synchronous=FULL: COMMIT returns after the fsync of the log, which is what a 250 promises.
    /// The log is copied into the file every 4,000 pages (16 MiB): rarer than the default, as each copy costs an fsync of its own.
    /// The cache (KiB, when negative) has room for a transaction with a large message, whose pages would otherwise go to the log twice: as
    /// zeros to make room (<see cref="WriteStatements"/>), and with the message.
    /// </summary>
    public const string WriterPragmas = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA cache_size = -16384;
        PRAGMA journal_size_limit = 67108864;
        """;

    /// <summary>Readers cannot write by mistake.</summary>
    public const string ReaderPragmas = "PRAGMA query_only = ON;";

    // AUTOINCREMENT: a number must not come back after old rows were removed, or cursors would pass over new rows.
    // "unread" is a table of its own, as an UPDATE of a mark in "message" would write the whole message again.
    private const string Version1 = """
        BEGIN IMMEDIATE;
        CREATE TABLE message (
            spool_id    INTEGER PRIMARY KEY AUTOINCREMENT,
            received_at INTEGER NOT NULL, -- Unix time in milliseconds
            envelope    TEXT NOT NULL,    -- JSON
            raw         BLOB NOT NULL
        ) STRICT;
        CREATE TABLE unread (
            spool_id INTEGER PRIMARY KEY
        ) STRICT;
        CREATE TABLE event (
            seq      INTEGER PRIMARY KEY AUTOINCREMENT,
            spool_id INTEGER NOT NULL,
            data     TEXT NOT NULL        -- JSON, schema 1
        ) STRICT;
        CREATE TABLE cursor (
            sink TEXT PRIMARY KEY,
            seq  INTEGER NOT NULL         -- the last event that the sink took
        ) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private const long Current = 1;

    /// <summary>Makes the tables in a new file.</summary>
    /// <exception cref="InvalidDataException">The file was written by a later version of the program.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long version = (long)command.ExecuteScalar()!;
        if (version > Current)
            throw new InvalidDataException($"{connection.DataSource} has schema {version}; this program knows schema {Current} at most");
        if (version == Current)
            return;
        command.CommandText = Version1;
        command.ExecuteNonQuery();
    }
}
