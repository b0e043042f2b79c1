using BounceMx.Cli;

namespace BounceMx.Tests.Cli;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a|")]
    [InlineData("a\nb\n", "a|b|")]
    [InlineData("a\r\nb\r\n", "a|b|")]
    [InlineData("a\rb\n", "a\rb|")]
    [InlineData("a\r\r\n", "a\r|")]
    [InlineData("\n\n", "||")]
    [InlineData("a\u2028b\u0085c\f", "a\u2028b\u0085c\f|")]
    public void Lines_end_in_LF_or_CRLF_and_nowhere_else(string text, string lines) =>
        string.Concat(Read(text).Select(line => $"{line.Text}|")).ShouldBe(lines);

    [Fact]
    public void A_line_may_be_as_long_as_the_limit()
    {
        string longest = new('x', LineReader.MaxLength);

        Read(longest + "\n").ShouldBe([(longest, false)]);
    }

    [Fact]
    public void Of_a_line_that_is_too_long_nothing_is_kept_and_the_next_is_read() =>
        Read(new string('x', 3 * LineReader.MaxLength) + "\nuser@example.test\n").ShouldBe([("", true), ("user@example.test", false)]);

    private static List<(string Text, bool IsTooLong)> Read(string text)
    {
        var lines = new LineReader(new StringReader(text));
        List<(string, bool)> all = [];
        while (lines.Read(out bool isTooLong) is { } line)
            all.Add((line, isTooLong));
        return all;
    }
}
