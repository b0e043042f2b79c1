using System.Buffers;
using System.Text;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Tests.Dialogues;
using BounceMx.Smtp.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Smtp.Tests;

/// <summary>The end of data and nothing else ends a message (RFC 5321 sections 4.1.1.4 and 4.5.2); most of it stands in the table of dialogues.</summary>
public sealed class DataReaderTests
{
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
        ReadAll(sent, body).ShouldBeEmpty();
        body.HasBareLineEnds.ShouldBe(hasBareLineEnds);
    }

    [Fact]
    public void Leaves_what_follows_the_message_in_the_buffer()
    {
        using MessageBuffer body = NewBuffer();
        ReadAll("a\r\n.\r\nMAIL", body).ShouldBe("MAIL");
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, 552)]
    public void Counts_the_octets_without_removed_dots_against_the_limit(int length, int? code)
    {
        using MessageBuffer body = NewBuffer(10);
        ReadAll($"..{new string('x', length - 3)}\r\n.\r\n", body).ShouldBeEmpty();
        (body.Refusal?.Code.Value).ShouldBe(code);
    }

    [Fact]
    public void Reads_a_message_of_many_segments_whole()
    {
        string message = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {i}\r\n"));
        ReadAt(message + ".\r\n", [1, 8192, 8193, 70_000, 300_000]).ShouldBe(message);
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
                    return ReadAt(sent, pair.Item2) == DataModel.Read(sent)!.Text;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    // What is left when the message is complete.
    private static string ReadAll(string sent, MessageBuffer body)
    {
        var reader = new DataReader(body);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent));
        reader.Read(ref buffer);
        reader.IsComplete.ShouldBeTrue();
        return Encoding.Latin1.GetString(buffer.ToArray());
    }

    private static string ReadAt(string sent, int[] cuts)
    {
        using MessageBuffer body = NewBuffer();
        var reader = new DataReader(body);
        int[] borders = [0, .. cuts.Where(cut => cut <= sent.Length).Order(), sent.Length];
        for (int i = 1; i < borders.Length && !reader.IsComplete; i++)
        {
            var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent[borders[i - 1]..borders[i]]));
            reader.Read(ref buffer);
        }
        reader.IsComplete.ShouldBeTrue();
        body.TryComplete(out MessageBody? message, out _).ShouldBeTrue();
        return Encoding.Latin1.GetString(message!.ToArray());
    }

    private static MessageBuffer NewBuffer(long maxLength = 1_000_000) => new(TemporaryBodies.Shared, maxLength, NullLogger.Instance);
}
