using System.Buffers.Binary;
using System.Text;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Storage;

/// <summary>
/// A database with messages 1 to 600: each but the last ten has an event of the same number, and a sink took 500 of them. It can be damaged where
/// something certain stands.
/// </summary>
internal sealed class SampleDatabase
{
    public const int Messages = 600;
    public const int Events = 590;
    public const int Taken = 500;

    private readonly string _file;

    private SampleDatabase(string folder) => (Folder, _file) = (folder, Path.Combine(folder, "bouncemx.db"));

    public string Folder { get; }

    private int PageSize
    {
        get
        {
            // As a 16-bit number, 1 stands for 65536.
            int stored = BinaryPrimitives.ReadUInt16BigEndian(File.ReadAllBytes(_file).AsSpan(16));
            return stored == 1 ? 65536 : stored;
        }
    }

    public static async Task<SampleDatabase> CreateAsync(string folder)
    {
        await using (Database.Open(folder)) { }
        var sample = new SampleDatabase(folder);
        sample.Execute(
            $$"""
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{Messages}})
            INSERT INTO message (received_at, envelope, raw)
            SELECT i, '{"n":' || i || '}', CAST('raw-' || printf('%06d', i) || hex(zeroblob(2500)) AS BLOB) FROM n;
            INSERT INTO event (spool_id, stored_at, data)
            SELECT spool_id, spool_id, '{"id":"event-' || printf('%06d', spool_id) || '","pad":"' || hex(zeroblob(400)) || '"}'
            FROM message WHERE spool_id <= {{Events}};
            INSERT INTO unread SELECT spool_id FROM message WHERE spool_id > {{Events}};
            INSERT INTO cursor VALUES ('redis', {{Taken}});
            INSERT INTO dead (sink, seq, refused_at, error) VALUES ('redis', 7, 1, 'no');
            COMMIT;
            """
        );
        return sample;
    }

    public long Read(string sql) => Convert.ToInt64(ReadAll(sql)[0], System.Globalization.CultureInfo.InvariantCulture);

    public List<object> ReadAll(string sql)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = Command(connection, sql);
        using SqliteDataReader reader = command.ExecuteReader();
        var values = new List<object>();
        while (reader.Read())
            values.Add(reader.GetValue(0));
        return values;
    }

    public void Execute(string sql)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Overwrites the page on which a text stands.</summary>
    public void DamagePageOf(string text) =>
        DamagePage(File.ReadAllBytes(_file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) / PageSize + 1);

    /// <summary>Overwrites the page that all rows of a table are found by.</summary>
    public void DamageRootOf(string table) => DamagePage((int)Read($"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));

    /// <summary>Overwrites a page, which are counted from 1.</summary>
    public void DamagePage(int number) => Overwrite(_file, (long)(number - 1) * PageSize, PageSize);

    public void Truncate(double share)
    {
        int pageSize = PageSize;
        using FileStream file = File.Open(_file, FileMode.Open);
        file.SetLength((long)(file.Length * share) / pageSize * pageSize);
    }

    /// <summary>Overwrites part of a file with what is nothing.</summary>
    public static void Overwrite(string path, long offset, int count)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = offset;
        file.Write(Enumerable.Repeat((byte)0xA5, count).ToArray());
    }

    /// <summary>Keeps what is written from now on in the log, until it is disposed.</summary>
    public IDisposable KeepLog()
    {
        SqliteConnection connection = Open();
        using SqliteCommand command = Command(connection, "SELECT count(*) FROM unread");
        command.ExecuteScalar();
        return connection;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
