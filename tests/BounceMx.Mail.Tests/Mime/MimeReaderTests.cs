using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Tests.Mime;

public sealed class MimeReaderTests
{
    [Fact]
    public void Reads_an_empty_message_as_one_empty_part()
    {
        MimePart root = MimeReader.Read(default);

        root.All.Count.ShouldBe(1);
        root.Body.Length.ShouldBe(0);
    }

    [Fact]
    public void Skips_the_mbox_line_above_the_header()
    {
        Read("From a@b.test Tue Mar  3 10:15:32 2026\nSubject: x\n\nbody").Headers.Decode("subject"u8).ShouldBe("x");
    }

    [Fact]
    public void Starts_the_body_at_the_first_line_that_is_no_field()
    {
        BodyOf(Read("Subject: x\nHello there,\nyou.\n")).ShouldBe("Hello there,\nyou.\n");
    }

    [Fact]
    public void Starts_the_body_at_once_after_an_empty_first_line()
    {
        BodyOf(Read("\nSubject: x\n")).ShouldBe("Subject: x\n");
    }

    [Fact]
    public void Unfolds_a_value_that_starts_on_the_next_line()
    {
        Read("Subject:\n one\n\ttwo\n\n").Headers.Decode("Subject"u8).ShouldBe("one two");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\r\r\n")]
    public void Reads_the_same_parts_whatever_the_line_ends_are(string lineEnd)
    {
        string raw = "Content-Type: multipart/mixed;\n boundary=b\n\npreamble\n--b\nSubject: one\n\n1\n--b\n\n2\n--b--\nepilogue\n";

        MimePart root = Read(raw.Replace("\n", lineEnd, StringComparison.Ordinal));

        root.Parts.Select(BodyOf).ShouldBe(["1", "2"]);
        root.Parts[0].Headers.Decode("Subject"u8).ShouldBe("one");
    }

    [Theory]
    [InlineData("--b\n\n1\n--b\n\n2\n--b--", "the common form")]
    [InlineData("--b\n\n1\n--b\n\n2", "no close delimiter")]
    [InlineData("--b \t\n\n1\n--b\n\n2\n--b-- ", "white space behind the boundary")]
    [InlineData(" --b\n\n1\n  --b\n\n2\n --b--", "blanks before the boundary")]
    [InlineData("--b\n\n1\n--b--\n--b\n\n2\n--b--", "a part behind the close delimiter")]
    public void Finds_both_parts_with(string body, string what)
    {
        MimePart root = Read("Content-Type: multipart/mixed; boundary=\"b\"\n\n" + body);

        root.Parts.Select(BodyOf).ShouldBe(["1", "2"], what);
    }

    [Theory]
    [InlineData("multipart/mixed")]
    [InlineData("multipart/mixed; boundary=other")]
    public void Guesses_the_boundary_when_the_header_does_not_tell_it(string type)
    {
        MimePart root = Read($"Content-Type: {type}\n\n--x\nContent-Type: text/plain\n\n1\n--x--\n");

        root.Parts.Select(BodyOf).ShouldBe(["1"]);
    }

    [Fact]
    public void Takes_a_line_that_only_begins_like_the_delimiter_for_text()
    {
        MimePart root = Read("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--bx\n--b--\n");

        root.Parts.Select(BodyOf).ShouldBe(["1\n--bx"]);
    }

    [Fact]
    public void Ends_an_unclosed_inner_multipart_where_the_outer_goes_on()
    {
        MimePart root = Read(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\n1\n--o\n\n2\n--o--\n"
        );

        root.All.Where(part => part.Parts.Count == 0).Select(BodyOf).ShouldBe(["1", "2"]);
    }

    [Fact]
    public void Reads_the_message_in_a_base64_encoded_message_part()
    {
        string inner = Convert.ToBase64String("Subject: inner\n\nbody"u8);

        MimePart root = Read($"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n");

        root.Parts[0].Headers.Decode("Subject"u8).ShouldBe("inner");
    }

    [Fact]
    public void Leaves_a_body_alone_that_is_labelled_base64_and_is_not()
    {
        Encoding.ASCII.GetString(Read("Content-Transfer-Encoding: base64\n\nAction: failed\n").Content.Span).ShouldBe("Action: failed\n");
    }

    [Theory]
    [InlineData("caf=C3=A9", "café")]
    [InlineData("caf=c3=a9", "café")]
    [InlineData("one=\ntwo", "onetwo")]
    [InlineData("one= \t\ntwo", "onetwo")]
    [InlineData("1=1=2", "1=1=2")]
    [InlineData("end=", "end")]
    [InlineData("=G1", "=G1")]
    public void Decodes_quoted_printable(string encoded, string expected)
    {
        TextOf(Read("Content-Transfer-Encoding: Quoted-Printable\n\n" + encoded)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("aGk=", "hi")]
    [InlineData("aG\nk=", "hi")]
    [InlineData("aGk=\naGk=", "hihi")]
    [InlineData("aGk", "hi")]
    [InlineData("a", "")]
    public void Decodes_base64(string encoded, string expected)
    {
        TextOf(Read("Content-Transfer-Encoding: base64\n\n" + encoded)).ShouldBe(expected);
    }

    [Fact]
    public void Shares_the_message_s_memory_with_an_identity_encoded_body()
    {
        byte[] raw = Encoding.ASCII.GetBytes("Content-Transfer-Encoding: 8bit\n\nbody");

        MimeReader.Read(raw).Text.Span.Overlaps(raw).ShouldBeTrue();
    }

    private static MimePart Read(string raw) => MimeReader.Read(Encoding.UTF8.GetBytes(raw));

    private static string BodyOf(MimePart part) => Encoding.UTF8.GetString(part.Body.Span);

    private static string TextOf(MimePart part) => Encoding.UTF8.GetString(part.Text.Span);
}
