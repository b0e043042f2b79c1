using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>The tables, and how those of an earlier version become ours.</summary>
internal static class Schema
{
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

    // "dead" names an event that a sink refused for good; the event itself stays where it is.
    private const string Version2 = """
        BEGIN IMMEDIATE;
        ALTER TABLE event ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0; -- Unix time in milliseconds
        UPDATE event SET stored_at = coalesce((SELECT received_at FROM message WHERE message.spool_id = event.spool_id), 0);
        CREATE INDEX event_by_message ON event (spool_id);
        CREATE TABLE dead (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            sink       TEXT NOT NULL,
            seq        INTEGER NOT NULL,           -- of the event
            refused_at INTEGER NOT NULL,           -- Unix time in milliseconds, of the last refusal
            error      TEXT NOT NULL,              -- the sink's words
            retry      INTEGER NOT NULL DEFAULT 0, -- 1: somebody asked for another try
            UNIQUE (sink, seq)
        ) STRICT;
        CREATE INDEX dead_by_event ON dead (seq);
        PRAGMA user_version = 2;
        COMMIT;
        """;

    private static readonly string[] Versions = [Version1, Version2];

    /// <summary>That of this program, as <c>user_version</c>.</summary>
    public static int Version => Versions.Length;

    /// <summary>Makes the tables in a new file, and brings an older one up to this program's schema.</summary>
    /// <exception cref="InvalidDataException">The file was written by a later version of the program.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long version = (long)command.ExecuteScalar()!;
        if (version > Versions.Length)
            throw new InvalidDataException(
                $"{connection.DataSource} has schema {version}; this program knows schema {Versions.Length} at most"
            );
        foreach (string step in Versions[(int)version..])
        {
#pragma warning disable CA2100 // a constant of this class
            command.CommandText = step;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
