using System.Text;
using BounceMx.Publishing;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Tests.Publishing;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("550 5.1.1 <jörg@bücher.test>: 不存在 👍")]
    [InlineData("")]
    public void Leaves_harmless_text_alone(string text) => TerminalText.Clean(text).ShouldBe(text);

    [Theory]
    [InlineData("\e[2Jgone", "\uFFFD[2Jgone")]
    [InlineData("a\u009B31mb", "a\uFFFD31mb")]
    [InlineData("two\r\nlines", "two\uFFFD\uFFFDlines")]
    [InlineData("a\0\a\b\u007Fb", "a\uFFFD\uFFFD\uFFFD\uFFFDb")]
    [InlineData("a\u2028b\u2029c", "a\uFFFDb\uFFFDc")]
    public void Replaces_control_characters(string text, string clean) => TerminalText.Clean(text).ShouldBe(clean);

    [Theory]
    [InlineData("\u202Emoc.elgoog\u202C", "\uFFFDmoc.elgoog\uFFFD")]
    [InlineData("a\u2066b\u2069", "a\uFFFDb\uFFFD")]
    [InlineData("a\u200Eb\u061Cc", "a\uFFFDb\uFFFDc")]
    public void Replaces_what_turns_the_direction_of_text(string text, string clean) => TerminalText.Clean(text).ShouldBe(clean);

    [Theory]
    [InlineData("a\u200Bb\uFEFFc", "a\uFFFDb\uFFFDc")]
    [InlineData("a\U000E0041\U000E007Fb", "a\uFFFD\uFFFDb")]
    [InlineData("a\U0001D173b", "a\uFFFDb")]
    public void Replaces_what_cannot_be_seen(string text, string clean) => TerminalText.Clean(text).ShouldBe(clean);

    // Not as a theory's data, which is UTF-8 and cannot hold them.
    [Fact]
    public void Replaces_half_characters() =>
        new[] { "a\uD800b", "\uDC00", "\uD83D" }.Select(TerminalText.Clean).ShouldBe(["a\uFFFDb", "\uFFFD", "\uFFFD"]);

    [Fact]
    public void Shows_nothing_unsafe_whatever_comes() =>
        Prop.ForAll<string>(text =>
                TerminalText.Clean(text ?? "").EnumerateRunes().All(rune => !Rune.IsControl(rune) && rune.Value is not (0x202E or 0x200B))
            )
            .QuickCheckThrowOnFailure();
}
