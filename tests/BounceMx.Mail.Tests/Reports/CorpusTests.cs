using System.Text.Json;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// Reads the collection of real bounces where it is at hand, and holds the floor for those with a delivery-status part. The labels' other
/// columns are the scorer's business. A floor is what was reached when it was written, less a message or two of doubtful labels.
/// </summary>
public sealed class CorpusTests
{
    private const string Absent = "the collection of real bounces is not beside this checkout";

    [Fact]
    public void Reads_every_message_without_an_exception()
    {
        Assert.SkipUnless(Directory.Exists(TestFolders.Corpus), Absent);

        int read = 0;
        foreach (string file in Directory.EnumerateFiles(TestFolders.Corpus, "*", SearchOption.AllDirectories))
        {
            ReportReader.Read(MimeReader.Read(File.ReadAllBytes(file))).ShouldNotBeNull();
            read++;
        }

        read.ShouldBeGreaterThan(700);
    }

    [Fact]
    public void Finds_recipient_status_and_reply_of_delivery_status_notifications()
    {
        Assert.SkipUnless(Directory.Exists(TestFolders.Corpus), Absent);

        Tally recipients = new(),
            status = new(),
            replies = new();
        foreach (JsonElement label in Labels())
        {
            byte[] raw = File.ReadAllBytes(Path.Combine(TestFolders.Corpus, label.GetProperty("file").GetString()!));
            MimePart root = MimeReader.Read(raw);
            if (
                !root.All.Any(part => part.ContentType.Is("message/delivery-status"u8))
                || !label.TryGetProperty("recipients", out JsonElement wanted)
            )
                continue;
            IReadOnlyList<RecipientStatus> got = ReportReader.Read(root).Recipients;
            foreach (JsonElement want in wanted.EnumerateArray())
                Judge(want, got, recipients, status, replies);
        }

        recipients.Share.ShouldBeGreaterThanOrEqualTo(0.985, recipients.ToString());
        status.Share.ShouldBeGreaterThanOrEqualTo(0.99, status.ToString());
        replies.Share.ShouldBeGreaterThanOrEqualTo(0.99, replies.ToString());
    }

    private static void Judge(JsonElement want, IReadOnlyList<RecipientStatus> got, Tally recipients, Tally status, Tally replies)
    {
        if (Text(want, "recipient") is not { Length: > 0 } recipient)
            return;
        List<string> names = [recipient, .. Names(want)];
        RecipientStatus? hit = got.FirstOrDefault(one => names.Contains(one.Recipient, StringComparer.OrdinalIgnoreCase));
        recipients.Add(hit is not null);
        bool literal = !want.TryGetProperty("status_literal", out JsonElement stands) || stands.GetBoolean();
        if (literal && Text(want, "status") is { } code)
            status.Add(hit?.Status?.ToString() == code);
        if (Text(want, "reply") is { Length: > 0 } reply)
            replies.Add(hit?.Reply?.ToString() == reply);
    }

    private static IEnumerable<string> Names(JsonElement want) =>
        want.TryGetProperty("accept", out JsonElement accept) ? accept.EnumerateArray().Select(name => name.GetString()!) : [];

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static IEnumerable<JsonElement> Labels() =>
        File.ReadLines(Path.Combine(TestFolders.Corpus, "labels.jsonl")).Select(line => JsonDocument.Parse(line).RootElement);

    private sealed class Tally
    {
        private int _good;
        private int _all;

        public double Share => _all == 0 ? 0 : (double)_good / _all;

        public void Add(bool good)
        {
            _all++;
            _good += good ? 1 : 0;
        }

        public override string ToString() => $"{_good} of {_all}";
    }
}
