using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

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
        var reader = new DataReader(100);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent));
        reader.Read(ref buffer).ShouldBeTrue();
        reader.HasBareLineEnds.ShouldBe(hasBareLineEnds);
    }

    [Fact]
    public void Leaves_what_follows_the_message_in_the_buffer()
    {
        var reader = new DataReader(100);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes("a\r\n.\r\nMAIL"));
        reader.Read(ref buffer).ShouldBeTrue();
        Encoding.Latin1.GetString(buffer.ToArray()).ShouldBe("MAIL");
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Counts_the_octets_without_removed_dots_against_the_limit(int length, bool isTooLarge)
    {
        var reader = new DataReader(10);
        string message = "." + new string('x', length - 3) + "\r\n";
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes($".{message}.\r\n"));
        reader.Read(ref buffer).ShouldBeTrue();
        reader.IsTooLarge.ShouldBe(isTooLarge);
    }

    [Fact]
    public void Keeps_nothing_of_a_message_over_the_limit()
    {
        var reader = new DataReader(10);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(new string('x', 100_000) + "\r\n.\r\n"));
        reader.Read(ref buffer).ShouldBeTrue();
        reader.ToArray().ShouldBeEmpty();
    }

    [Fact]
    public void Reads_a_message_of_many_segments_whole()
    {
        string message = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {i}\r\n"));
        ReadAt(message + ".\r\n", [1, 8192, 8193, 70_000, 300_000]).ShouldBe(message);
    }

    [Fact]
    public void Can_be_used_again()
    {
        var reader = new DataReader(10);
        foreach (string text in new[] { "far too much text\n\r\n.\r\n", "b\r\n.\r\n" })
        {
            reader.Reset();
            var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
            reader.Read(ref buffer).ShouldBeTrue();
        }
        reader.IsTooLarge.ShouldBeFalse();
        reader.HasBareLineEnds.ShouldBeFalse();
        reader.ToArray().ShouldBe("b\r\n"u8.ToArray());
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
        var reader = new DataReader(1_000_000);
        int[] borders = [0, .. cuts.Where(cut => cut <= sent.Length).Order(), sent.Length];
        for (int i = 1; i < borders.Length; i++)
        {
            var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(sent[borders[i - 1]..borders[i]]));
            if (reader.Read(ref buffer))
                return Encoding.Latin1.GetString(reader.ToArray());
        }
        throw new InvalidOperationException("No end of data.");
    }
}
