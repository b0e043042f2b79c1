using System.Buffers;
using System.Text;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Smtp.Tests;

/// <summary>The end of data and nothing else ends a message (RFC 5321 sections 4.1.1.4 and 4.5.2).</summary>
public sealed class DataReaderTests
{
    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("\r\n.\r\n", "\r\n")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("a\r\n..\r\n.\r\n", "a\r\n.\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData(".a\r\n.\r\n", "a\r\n")]
    [InlineData("...a.\r\n.\r\n", "..a.\r\n")]
    [InlineData("a.\r\nb..c\r\n.\r\n", "a.\r\nb..c\r\n")]
    [InlineData("\r\n.\r\r\n.\r\n", "\r\n\r\r\n")]
    [InlineData(".\r.\r\n.\r\n", "\r.\r\n")]
    [InlineData("a\n.\nb\r.\rc\r\n.\r\n", "a\n.\nb\r.\rc\r\n")]
    public void Removes_one_dot_behind_CRLF_and_changes_nothing_else(string sent, string message) => ReadAt(sent, []).ShouldBe(message);

    [Theory]
    [InlineData("a\r\n.\r\n", false)]
    [InlineData(".\r\n", false)]
    [InlineData("..\r\n.\r\n", false)]
    [InlineData("a\rb\r\n.\r\n", true)]
    [InlineData("a\nb\r\n.\r\n", true)]
    [InlineData("\r\r\n.\r\n", true)]
    [InlineData("\n\r\n.\r\n", true)]
    [InlineData(".\r\r\n.\r\n", true)]
    [InlineData(".\n\r\n.\r\n", true)]
    public void Marks_bare_CR_and_LF(string sent, bool hasBareLineEnds)
    {
        using MessageBuffer body = NewBuffer();
        var reader = new DataReader(body);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent));
        reader.Read(ref buffer).ShouldBeTrue();
        body.HasBareLineEnds.ShouldBe(hasBareLineEnds);
    }

    [Fact]
    public void Leaves_what_follows_the_message_in_the_buffer()
    {
        using MessageBuffer body = NewBuffer();
        var reader = new DataReader(body);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes("a\r\n.\r\nMAIL"));
        reader.Read(ref buffer).ShouldBeTrue();
        Encoding.Latin1.GetString(buffer.ToArray()).ShouldBe("MAIL");
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, 552)]
    public void Counts_the_octets_without_removed_dots_against_the_limit(int length, int? code)
    {
        using MessageBuffer body = NewBuffer(10);
        string message = "." + new string('x', length - 3) + "\r\n";
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes($".{message}.\r\n"));
        new DataReader(body).Read(ref buffer).ShouldBeTrue();
        (body.Refusal?.Code.Value).ShouldBe(code);
    }

    [Fact]
    public void Reads_a_message_of_many_segments_whole()
    {
        string message = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {i}\r\n"));
        ReadAt(message + ".\r\n", [1, 8192, 8193, 70_000, 300_000]).ShouldBe(message);
    }

    [Fact]
    public void Can_be_used_again_at_any_point()
    {
        using MessageBuffer body = NewBuffer(10);
        var reader = new DataReader(body);
        foreach (string text in new[] { "far too much text\n", "a\r\n", "b\r", ".", "c\r\n.\r\n" })
        {
            body.Clear();
            reader.Reset();
            var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
            reader.Read(ref buffer);
        }
        body.HasBareLineEnds.ShouldBeFalse();
        Text(body).ShouldBe("c\r\n");
    }

    [Fact]
    public void Agrees_with_a_plain_reading_of_the_RFC_however_the_octets_are_cut()
    {
        Gen<char> octets = Gen.Elements('\r', '\n', '.', 'x', '\0');
        Gen<string> texts = Gen.OneOf(octets, octets, Gen.Constant('\r')).ListOf().Select(list => string.Concat(list));
        Gen<int[]> cuts = Gen.Choose(0, 40).ArrayOf();
        var cases = texts.Zip(cuts).ToArbitrary();
        Prop.ForAll(
                cases,
                pair =>
                {
                    string sent = pair.Item1.Replace("\rx", "\r\n", StringComparison.Ordinal) + "\r\n.\r\nQUIT";
                    return ReadAt(sent, pair.Item2) == Plainly(sent);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    // Section 4.5.2 in the simplest words: lines between CR LF; a line of one dot ends; of any other line a first dot is dropped.
    private static string Plainly(string sent)
    {
        var message = new StringBuilder();
        foreach (string line in sent.Split("\r\n"))
        {
            if (line == ".")
                break;
            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        return message.ToString();
    }

    private static string ReadAt(string sent, int[] cuts)
    {
        using MessageBuffer body = NewBuffer();
        var reader = new DataReader(body);
        int[] borders = [0, .. cuts.Where(cut => cut <= sent.Length).Order(), sent.Length];
        for (int i = 1; i < borders.Length; i++)
        {
            var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent[borders[i - 1]..borders[i]]));
            if (reader.Read(ref buffer))
                return Text(body);
        }
        throw new InvalidOperationException("No end of data.");
    }

    private static MessageBuffer NewBuffer(long maxLength = 1_000_000) => new(TemporaryBodies.Shared, maxLength, NullLogger.Instance);

    private static string Text(MessageBuffer buffer) =>
        buffer.TryComplete(out MessageBody? body, out SmtpReply? refusal) ? Encoding.Latin1.GetString(body.ToArray()) : refusal.Text;
}
