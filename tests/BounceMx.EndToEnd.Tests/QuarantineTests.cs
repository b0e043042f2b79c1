using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>Nothing is dropped because it was not understood.</summary>
public sealed class QuarantineTests(ServerWithRedis running) : IClassFixture<ServerWithRedis>
{
    [Theory]
    [InlineData("ordinary")]
    [InlineData("empty")]
    [InlineData("octets")]
    public async Task Mail_that_no_reader_understands_is_an_event_in_quarantine(string kind)
    {
        var bounceAddress = BounceAddress.Of($"{kind}@recipient.example");
        var message = kind switch
        {
            "ordinary" => SampleMail.Ordinary("Lunch"),
            "empty" => "",
            _ => new string([.. Enumerable.Range(0, 1024).Select(i => (char)(i % 256))]),
        };

        (await running.Server.DeliverAsync(bounceAddress, message)).Code.ShouldBe(250);

        (await running.PublishedAsync("bounce_address", bounceAddress, Keys.Quarantine))["type"].ShouldBe("other");
    }

    [Fact]
    public async Task What_is_in_quarantine_does_not_stand_among_the_events()
    {
        var bounceAddress = BounceAddress.Of("apart@recipient.example");

        await running.Server.DeliverAsync(bounceAddress, SampleMail.Ordinary("Apart"));

        await running.PublishedAsync("bounce_address", bounceAddress, Keys.Quarantine);
        (await running.Redis.ReadStreamAsync(Keys.Events)).ShouldNotContain(e => e["bounce_address"] == bounceAddress);
    }

    [Fact]
    public async Task Its_raw_mail_is_kept()
    {
        var bounceAddress = BounceAddress.Of("kept@recipient.example");
        var marker = $"Marker-{Guid.NewGuid():N}";

        await running.Server.DeliverAsync(bounceAddress, SampleMail.Ordinary(marker));

        var published = await running.PublishedAsync("bounce_address", bounceAddress, Keys.Quarantine);
        JsonNode.Parse(published["data"])!["spool_id"].ShouldNotBeNull();
        // Wherever the spool puts it: the mail itself is in the data folder, not only what was read out of it.
        Directory
            .EnumerateFiles(running.Server.DataFolder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".jsonl", StringComparison.Ordinal))
            .Any(file => Contains(file, "Shall we have lunch on Tuesday?"u8))
            .ShouldBeTrue();
    }

    private static bool Contains(string file, ReadOnlySpan<byte> text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray().AsSpan().IndexOf(text) >= 0;
    }
}
