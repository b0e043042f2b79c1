using System.Text;
using BounceMx.Cli;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Tests.Cli;

public sealed class MboxTests
{
    private const string From = "From MAILER-DAEMON Sun Nov 22 09:14:05 2026\n";

    [Theory]
    [InlineData(From + "Subject: a\n\nb\n", true)]
    [InlineData("From user@sender.test  Sun, 22 Nov 2026 09:14:05 +0000\r\nSubject: a\r\n", true)]
    [InlineData("From now on, we write without headers.\n", false)]
    [InlineData("From: user@sender.test\nDate: Sun, 22 Nov 2026 09:14:05 +0000\n", false)]
    [InlineData(">" + From, false)]
    [InlineData("From 1:2\n", false)]
    [InlineData("From ", false)]
    [InlineData("", false)]
    public void Begins_with_a_From_line_that_holds_a_time(string content, bool expected) =>
        Mbox.IsMbox(Encoding.ASCII.GetBytes(content)).ShouldBe(expected);

    [Fact]
    public void A_message_ends_at_the_next_From_line_behind_an_empty_line() =>
        Split(From + "Subject: a\n\na\n\n" + From + "Subject: b\n\nb\n")
            .ShouldBe([From + "Subject: a\n\na\n\n", From + "Subject: b\n\nb\n"]);

    [Fact]
    public void Line_ends_may_be_CR_LF() => Split((From + "\na\n\n" + From + "\nb\n").ReplaceLineEndings("\r\n")).Count.ShouldBe(2);

    [Theory]
    [InlineData("\n\nFrom now on, nothing is parted here.\n")]
    [InlineData("\nNo empty line above.\n" + From)]
    [InlineData("\n\n>" + From)]
    [InlineData("\n\n From a b 09:14:05\n")]
    [InlineData("\n\nfrom a b 09:14:05\n")]
    public void Nothing_else_parts_a_message(string body) => Split(From + "Subject: a" + body).Count.ShouldBe(1);

    [Fact]
    public void A_message_may_be_empty() => Split(From + "\n" + From + "\n" + From).Count.ShouldBe(3);

    [Fact]
    public void Every_octet_stands_in_one_message_whatever_comes()
    {
        Gen<string> text = Gen.Elements(From, "\n", "\r\n", "From ", "09:14", "Subject: a", ">", "x").ListOf().Select(string.Concat);
        Prop.ForAll(Arb.From(text), content => string.Concat(Split(content)) == content).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Many_From_lines_take_linear_time() => Split(string.Concat(Enumerable.Repeat(From + "\n", 100_000))).Count.ShouldBe(100_000);

    private static List<string> Split(string content)
    {
        byte[] octets = Encoding.ASCII.GetBytes(content);
        return [.. Mbox.Split(octets).Select(range => Encoding.ASCII.GetString(octets[range]))];
    }
}
