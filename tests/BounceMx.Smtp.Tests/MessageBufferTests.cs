using System.Text;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Smtp.Tests;

/// <summary>Where the octets of a message are kept, and what is counted.</summary>
public sealed class MessageBufferTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly TemporaryBodies _bodies = new(new BodyLimits { BodiesSoftLimit = MiB, BodiesHardLimit = 2 * MiB });

    public void Dispose() => _bodies.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(MessageBuffer.MemorySize, true)]
    [InlineData(MessageBuffer.MemorySize + 1, false)]
    public void A_message_of_more_than_64_KiB_is_in_a_file(int length, bool isInMemory)
    {
        using MessageBuffer buffer = NewBuffer();
        byte[] octets = Octets(length);
        buffer.Append(octets);
        buffer.TryComplete(out MessageBody? body, out _).ShouldBeTrue();
        body!.Octets.HasValue.ShouldBe(isInMemory);
        body.Length.ShouldBe(length);
        body.ToArray().ShouldBe(octets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(MessageBuffer.MemorySize - 1)]
    [InlineData(MessageBuffer.MemorySize)]
    [InlineData(300_000)]
    public void A_message_is_the_same_however_it_is_cut(int piece)
    {
        using MessageBuffer buffer = NewBuffer();
        byte[] octets = Octets(300_000);
        foreach (byte[] part in octets.Chunk(piece))
            buffer.Append(part);
        buffer.TryComplete(out MessageBody? body, out _).ShouldBeTrue();
        body!.ToArray().ShouldBe(octets);
        var end = new byte[100];
        body.Read(299_990, end).ShouldBe(10);
        end[..10].ShouldBe(octets[^10..]);
    }

    [Fact]
    public void A_file_is_in_no_folder_from_the_start_on_so_that_a_crash_leaves_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the file goes when it is closed.");
        using MessageBuffer buffer = NewBuffer();
        buffer.Append(Octets(200_000));
        buffer.TryComplete(out MessageBody? body, out _).ShouldBeTrue();
        body!.Octets.ShouldBeNull();
        Directory.EnumerateFileSystemEntries(_bodies.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_left_in_the_folder_is_removed_at_the_start()
    {
        File.WriteAllText(Path.Combine(_bodies.Folder, "left.body"), "left");
        File.WriteAllText(Path.Combine(_bodies.Folder, "other.txt"), "not ours");
        _ = new BodyStore(_bodies.Folder, new BodyLimits());
        Directory.EnumerateFiles(_bodies.Folder).Select(Path.GetFileName).ShouldBe(["other.txt"]);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_451_and_the_next_message_is_kept_again()
    {
        using MessageBuffer buffer = NewBuffer();
        Directory.Delete(_bodies.Folder);
        buffer.Append(Octets(200_000));
        buffer.Append(Octets(200_000));
        buffer.TryComplete(out _, out SmtpReply? refusal).ShouldBeFalse();
        refusal.ShouldBe(SmtpReplies.LocalError);
        _bodies.Store.Budget.InFlight.ShouldBe(0);

        Directory.CreateDirectory(_bodies.Folder);
        buffer.Clear();
        buffer.Append(Octets(200_000));
        buffer.TryComplete(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_full_disk_is_told_from_other_faults()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux'.");
        IOException full = Should.Throw<IOException>(() => File.WriteAllText("/dev/full", "x"));
        BodyStore.IsDiskFull(full).ShouldBeTrue();
        BodyStore.IsDiskFull(new DirectoryNotFoundException()).ShouldBeFalse();
    }

    [Fact]
    public void A_message_over_its_limit_is_not_kept_and_not_counted()
    {
        using MessageBuffer buffer = NewBuffer(maxLength: 100_000);
        buffer.Append(Octets(100_000));
        buffer.Refusal.ShouldBeNull();
        buffer.Append([1]);
        buffer.Refusal.ShouldBe(SmtpReplies.MessageTooLarge);
        _bodies.Store.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public void A_message_over_the_hard_limit_of_all_is_452_and_the_others_stay()
    {
        using MessageBuffer first = NewBuffer();
        using MessageBuffer second = NewBuffer();
        first.Append(Octets(2 * MiB));
        second.Append([1]);
        second.TryComplete(out _, out SmtpReply? refusal).ShouldBeFalse();
        refusal.ShouldBe(SmtpReplies.SystemFull);
        first.TryComplete(out _, out _).ShouldBeTrue();
        _bodies.Store.Budget.InFlight.ShouldBe(2 * MiB);
    }

    [Fact]
    public void A_network_has_a_share_and_no_more()
    {
        using var bodies = new TemporaryBodies(new BodyLimits { BodiesPerNetwork = 100 });
        var share = new BodyShare();
        using var first = new MessageBuffer(bodies.Store, 1000, NullLogger.Instance, share);
        using var second = new MessageBuffer(bodies.Store, 1000, NullLogger.Instance, share);
        using var stranger = new MessageBuffer(bodies.Store, 1000, NullLogger.Instance, new BodyShare());
        first.Append(Octets(60));
        second.Append(Octets(41));
        stranger.Append(Octets(100));
        (first.Refusal, second.Refusal, stranger.Refusal).ShouldBe((null, SmtpReplies.SystemFull, null));
        bodies.Store.Budget.InFlight.ShouldBe(160);
        first.Clear();
        second.Clear();
        second.Append(Octets(100));
        second.Refusal.ShouldBeNull();
    }

    [Fact]
    public void The_limits_of_all_hold_until_there_is_room_again()
    {
        BodyBudget budget = _bodies.Store.Budget;
        budget.TryReserve(MiB).ShouldBeTrue();
        budget.IsOverSoft.ShouldBeFalse();
        budget.TryReserve(1).ShouldBeTrue();
        (budget.IsOverSoft, budget.IsOverHard).ShouldBe((true, false));
        budget.TryReserve(MiB).ShouldBeFalse();
        (budget.IsOverSoft, budget.IsOverHard).ShouldBe((true, true));
        budget.Release(1);
        (budget.IsOverSoft, budget.IsOverHard).ShouldBe((false, false));
        budget.TryReserve(MiB).ShouldBeTrue();
        budget.IsOverHard.ShouldBeFalse();
    }

    [Fact]
    public void Counting_from_many_threads_is_exact()
    {
        BodyBudget budget = _bodies.Store.Budget;
        Parallel.For(
            0,
            100_000,
            i =>
            {
                int octets = i % 4096;
                if (budget.TryReserve(octets))
                    budget.Release(octets);
            }
        );
        budget.InFlight.ShouldBe(0);
    }

    [Theory]
    [InlineData("\r\n", false)]
    [InlineData("a\r\nb\r\n\r\n", false)]
    [InlineData("a\nb", true)]
    [InlineData("a\rb", true)]
    [InlineData("\n", true)]
    [InlineData("a\r", true)]
    [InlineData("\r\r\n", true)]
    [InlineData("\r\n\n", true)]
    public void Bare_line_ends_are_found_however_the_octets_are_cut(string text, bool hasBare)
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        foreach (int piece in Enumerable.Range(1, octets.Length))
        {
            var check = default(LineEndCheck);
            foreach (byte[] part in octets.Chunk(piece))
                check.Read(part);
            check.HasBare.ShouldBe(hasBare, $"in pieces of {piece}");
        }
    }

    [Fact]
    public void Nothing_is_counted_after_a_delivery()
    {
        using MemoryClient client = new MemoryClient(bodies: _bodies.Store).UpToData();
        client.Send(new string('x', 200_000));
        _bodies.Store.Budget.InFlight.ShouldBe(200_000);
        client.Send("\r\n.\r\n").ShouldStartWith("250 ");
        _bodies.Store.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_counted_after_a_refused_delivery()
    {
        var handler = new RecordingMailHandler { OnData = () => throw new InvalidOperationException("broken") };
        using MemoryClient client = new MemoryClient(handler: handler, bodies: _bodies.Store).UpToData();
        client.Send(new string('x', 200_000) + "\r\n.\r\n").ShouldStartWith("451 ");
        _bodies.Store.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_counted_after_a_peer_hung_up()
    {
        using MemoryClient client = new MemoryClient(bodies: _bodies.Store).UpToData();
        client.Send(new string('x', 200_000));
        client.HangUp();
        _bodies.Store.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_counted_after_a_peer_was_too_slow()
    {
        using MemoryClient client = new MemoryClient(bodies: _bodies.Store).UpToData();
        client.Send(new string('x', 200_000));
        client.Advance(TimeSpan.FromHours(1)).ShouldStartWith("421 4.4.2 ");
        _bodies.Store.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public void A_session_goes_on_after_a_message_for_which_there_was_no_room()
    {
        using MemoryClient client = new MemoryClient(bodies: _bodies.Store).UpToData();
        _bodies.Store.Budget.TryReserve(2 * MiB - 100_000).ShouldBeTrue();
        client.Send(new string('x', 150_000) + "\r\nQUIT\r\n").ShouldBe("");
        client.Send(".\r\n").ShouldStartWith("452 4.3.1 ");
        client.Handler.Messages.ShouldBeEmpty();
        _bodies.Store.Budget.Release(2 * MiB - 100_000);
        client.SendAll("MAIL FROM:<>\r\n", "RCPT TO:<a@bounces.test>\r\n", "DATA\r\n").ShouldStartWith("354 ");
        client.Send("x\r\n.\r\n").ShouldStartWith("250 ");
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    public void Dots_are_removed_where_the_memory_ends_too(int offset)
    {
        string text = new string('x', MessageBuffer.MemorySize + offset) + "\r\n..dot\r\n";
        using MemoryClient client = new MemoryClient(bodies: _bodies.Store).UpToData();
        client.Send(text + ".\r\n").ShouldStartWith("250 ");
        client.Handler.Texts.ShouldHaveSingleItem().ShouldBe(text.Replace("\r\n..", "\r\n.", StringComparison.Ordinal));
    }

    private MessageBuffer NewBuffer(long maxLength = 10 * MiB) => new(_bodies.Store, maxLength, NullLogger.Instance);

    private static byte[] Octets(int length)
    {
        var octets = new byte[length];
        new Random(length).NextBytes(octets);
        return octets;
    }
}
