using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>
/// What was published, by the stream and by the journal. Both are read onwards only, so that the hundredth round costs no more than the first:
/// what was read of the stream is trimmed from it, and remembered here.
/// </summary>
internal sealed class Ledger(BounceMxProcess server, RedisProcess redis)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _published = new(StringComparer.Ordinal);
    private readonly HashSet<string> _journalled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _octetsRead = new(StringComparer.Ordinal);
    private readonly List<string> _doubled = [];
    private string _last = "0-0";

    /// <summary>Recipients of what the stream has had.</summary>
    public IReadOnlySet<string> Published => _published;

    /// <summary>Event ids that were on the stream twice, and recipients that were there under two ids; each as often as that happened.</summary>
    public IReadOnlyList<string> Doubled => _doubled;

    /// <summary>Reads what has been published since the last time.</summary>
    public async Task ReadAsync()
    {
        foreach (var (entry, fields) in await redis.ReadStreamAsync(Keys.Events, after: _last))
        {
            _last = entry;
            if (!_ids.Add(fields["id"]))
                _doubled.Add(fields["id"]);
            else if (!_published.Add(fields["recipient"]))
                _doubled.Add(fields["recipient"]);
        }
        await redis.ExecuteAsync("XTRIM", Keys.Events, "MINID", _last);
        ReadJournal();
    }

    /// <summary>Which of these the stream never had.</summary>
    public IReadOnlyList<string> LostByStream(IEnumerable<string> acknowledged) => [.. acknowledged.Where(r => !_published.Contains(r))];

    /// <summary>Which of these the journal never had. It may say a thing twice after a crash, but it must say it.</summary>
    public IReadOnlyList<string> LostByJournal(IEnumerable<string> acknowledged) => [.. acknowledged.Where(r => !_journalled.Contains(r))];

    private void ReadJournal()
    {
        foreach (var file in server.JournalFiles())
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var from = _octetsRead.GetValueOrDefault(file);
            if (stream.Length < from)
                throw new InvalidDataException($"{file} had {from} octets of whole lines and has {stream.Length} now");
            stream.Position = from;
            using var reader = new StreamReader(stream);
            var text = reader.ReadToEnd();
            // A last line that is still being written is for the next time.
            var whole = text[..(text.LastIndexOf('\n') + 1)];
            _octetsRead[file] = from + reader.CurrentEncoding.GetByteCount(whole);
            foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                _journalled.Add((string?)JsonNode.Parse(line)!["recipient"] ?? "");
        }
    }
}
