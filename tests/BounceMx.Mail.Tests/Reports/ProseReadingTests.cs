using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>The small readers of prose: addresses in sentences, labels, HTML, quotes, transcripts, paragraphs.</summary>
public sealed class ProseReadingTests
{
    [Theory]
    [InlineData("Sent to 'anna@dest.test'.", "anna@dest.test")]
    [InlineData("to o'neill@dest.test, who", "o'neill@dest.test")]
    [InlineData("宛先：anna@dest.testへのメール", "anna@dest.test")]
    [InlineData("「anna@dest.test」は", "anna@dest.test")]
    [InlineData("收件人邮件地址（anna@dest.test）不存在", "anna@dest.test")]
    [InlineData("user@exämple.test is", "user@exämple.test")]
    [InlineData("例え@例え.test", "例え@例え.test")]
    [InlineData("(anna@dest.test)...", "anna@dest.test")]
    [InlineData("“anna@dest.test” is", "anna@dest.test")]
    [InlineData("an „anna@dest.test“ ist", "anna@dest.test")]
    [InlineData("à «\u00A0anna@dest.test\u00A0» n'a", "anna@dest.test")]
    [InlineData("anna@dest.test—full", "anna@dest.test")]
    [InlineData("see https://www.x.test/why?u=anna@dest.test or bob@dest.test", "bob@dest.test")]
    [InlineData("see www.x.test/why?u=anna@dest.test", null)]
    [InlineData("/G=Anna/S=Bach/@dest.test", "/G=Anna/S=Bach/@dest.test")]
    [InlineData("no address @ all", null)]
    public void Finds_an_address_in_a_sentence(string text, string? expected) => AddressText.Find(Utf8(text), out _).ShouldBe(expected);

    [Theory]
    [InlineData("rfc822; RFC822; a@b.test", "a@b.test")]
    [InlineData("rfc822; 'a@b.test'", "a@b.test")]
    [InlineData("rfc822; <a@b.test", "a@b.test")]
    [InlineData("rfc822; mailto:a@b.test", "a@b.test")]
    public void Reads_an_address_behind_what_gateways_add(string field, string expected) =>
        AddressText.Read(Utf8(field)).ShouldBe(expected);

    [Theory]
    [InlineData("Recipient address: a@b.test", true)]
    [InlineData("Addressed To: a@b.test", true)]
    [InlineData("Unknown user: a@b.test", true)]
    [InlineData("Empfänger: a@b.test", true)]
    [InlineData("宛先：a@b.test", true)]
    [InlineData("Recipient\ta@b.test", true)]
    [InlineData("Sender address: a@b.test", false)]
    [InlineData("Your address: a@b.test", false)]
    [InlineData("<user@b.test>: unknown", false)]
    [InlineData("From: a@b.test", false)]
    public void Tells_the_label_of_a_recipient(string line, bool expected) => (RecipientLabel.Length(Utf8(line)) > 0).ShouldBe(expected);

    [Theory]
    [InlineData("<p>A</p><p>B</p>", "\nA\n\nB\n")]
    [InlineData("<td>Recipient</td><td>a@b.test</td>", "Recipient\ta@b.test\t")]
    [InlineData("a&#64;b.test &#x41; &amp; &copy;", "a@b.test A & &copy;")]
    [InlineData("to <a@b.test>: full", "to <a@b.test>: full")]
    [InlineData("<!-- <p>no</p> -->yes<style>p {}</style>", "yes")]
    [InlineData("a&#160;b&#xa0;c", "a b c")]
    [InlineData("&#xFFFFFFFF; &#; <", "&#xFFFFFFFF; &#; ")]
    public void Makes_text_of_HTML(string html, string expected) =>
        Encoding.UTF8.GetString(HtmlText.Strip(Utf8(html)).Span).ShouldBe(expected);

    [Theory]
    [InlineData("", "Your message was rejected: user unknown.\n\nQuestions? Ask John Doe, john@isp.test\n")]
    [InlineData("To: a@x.test, b@x.test\n", "Your message could not be delivered: user unknown.\n")]
    [InlineData("", "The message from news@shop.test was rejected: 550 5.1.1 user unknown\n")]
    public void Names_nobody_where_the_text_does_not_tell_who_failed(string original, string text)
    {
        string mail =
            "From: MAILER-DAEMON@mx.test\nSubject: Undelivered Mail Returned to Sender\n"
            + $"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n--b\nContent-Type: message/rfc822\n\n{original}Subject: hi\n\nhi\n--b--\n";

        DeliveryReport report = ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(mail)));

        report.Kind.ShouldBe(ReportKind.Bounce);
        report.Recipients.ShouldBeEmpty();
    }

    [Fact]
    public void Unquotes_only_a_text_that_quotes_a_report()
    {
        QuotedText
            .Unquote(Utf8("> Final-Recipient: rfc822; a@b.test\n>\n>>>> DATA\n").ToArray())
            .ToArray()
            .ShouldBe(Utf8("Final-Recipient: rfc822; a@b.test\n\n>>> DATA\n").ToArray());
        QuotedText.Unquote(Utf8("> said he\n").ToArray()).ToArray().ShouldBe(Utf8("> said he\n").ToArray());
    }

    [Fact]
    public void Gives_each_remote_reply_to_whom_the_line_below_it_names()
    {
        List<TranscriptReply> replies = Transcripts.Read(
            "While talking to x.test:\n>>> MAIL From:<me@send.test>\n<<< 550 no relay\n554 <a@x.test>... Remote protocol error\n"
                + "554 <b@y.test>... 550 Host unknown\n"
        );

        replies
            .Where(reply => reply.Recipient is not null)
            .Select(reply => (reply.Recipient, reply.Code.Value, reply.IsRemote))
            .ShouldBe([("a@x.test", 550, true), ("a@x.test", 554, false), ("b@y.test", 550, false)]);
    }

    [Fact]
    public void Reads_no_answer_to_QUIT() => Transcripts.Read(">>> QUIT\n<<< 421 too many errors\n").ShouldBeEmpty();

    [Fact]
    public void Reads_a_transcript_in_words() =>
        Transcripts
            .Read("Sent <<< RCPT TO:<a@b.test>\nReceived >>> 550 5.1.1 unknown\n")[0]
            .ShouldSatisfyAllConditions(reply => reply.Command.ShouldBe("RCPT"), reply => reply.Recipient.ShouldBe("a@b.test"));

    [Theory]
    [InlineData("host mx.dest.test[192.0.2.1] said: ", "mx.dest.test")]
    [InlineData("SMTP error from remote mail server:\n    host mx.dest.test [192.0.2.1]: ", "mx.dest.test")]
    [InlineData("... while talking to mx.dest.test.:", "mx.dest.test")]
    [InlineData("SMTP Server <mx.dest.test> rejected", "mx.dest.test")]
    [InlineData("host 192.0.2.1 said: ", null)]
    [InlineData("Host unknown", null)]
    public void Tells_the_host_that_replied(string text, string? expected) => RemoteHost.Find(Utf8(text)).ShouldBe(expected);

    [Theory]
    [InlineData("said: 550 no (in reply to\n    RCPT TO command)", "RCPT")]
    [InlineData("said: 550 no (in reply to end of\r\n    DATA command)", "DATA")]
    [InlineData("SMTP error from remote server after RCPT command:", "RCPT")]
    public void Tells_a_command_that_is_wrapped(string text, string expected) => CommandText.Find(Utf8(text)).ShouldBe(expected);

    [Theory]
    [InlineData(">\n\nbecause:\n\n  the mailbox is full\n\nGood bye", "  the mailbox is full")]
    [InlineData(" said:\nunknown user\n\nGood bye", " said:\nunknown user")]
    [InlineData(">\n\n----------\n  no such user\n----------\n", "  no such user")]
    [InlineData(": no such user\n<bob@dest.test>: full\n", ": no such user")]
    [InlineData(" no such user\n2. bob@dest.test full\n", " no such user")]
    public void Takes_the_paragraph_behind_an_address(string text, string expected) =>
        Encoding.UTF8.GetString(TextParagraphs.From(Utf8(text).ToArray(), "anna@dest.test").Span).ShouldBe(expected);

    [Theory]
    [InlineData("anna@dest.test ben@dest.test <carl@dest.test>, dora@dest.test\n", "")]
    [InlineData("anna@dest.test ben@dest.test was told\n", "ben@dest.test was told")]
    public void Takes_no_list_of_addresses_for_what_is_said_of_one(string text, string expected) =>
        Encoding.UTF8.GetString(new TextParagraphs([Utf8(text).ToArray()]).About("anna@dest.test").Span).ShouldBe(expected);

    [Theory]
    [InlineData("anna@dest.test")]
    [InlineData("carl@dest.test")]
    public void Gives_the_reason_below_a_list_to_each_whoever_is_asked_for_first(string first)
    {
        var paragraphs = new TextParagraphs([Utf8("anna@dest.test\nben@dest.test\ncarl@dest.test\n\nno such user\n").ToArray()]);

        string[] asked = [first, "ben@dest.test", "anna@dest.test", "carl@dest.test"];
        asked
            .Select(recipient => Encoding.UTF8.GetString(paragraphs.Reason(recipient, isOnly: false).Span))
            .ShouldAllBe(reason => reason == "no such user");
    }

    [Fact]
    public void Prefers_the_reason_that_was_announced()
    {
        var paragraphs = new TextParagraphs([
            Utf8("Please check whether the user is unknown.\n\nThe error was:\n\nmailbox full\n\nIf you see this, it was rejected.\n")
                .ToArray(),
        ]);

        Encoding.UTF8.GetString(paragraphs.Reason("anna@dest.test", isOnly: true).Span).ShouldBe("mailbox full\n");
    }

    [Theory]
    [InlineData("sorry\n\nOriginal message\n\nFrom: a@b.test\nTo: c@d.test\n", 7)]
    [InlineData("sorry\n\nPlease keep the original message. Bye.\nNote: all is lost\n", -1)]
    [InlineData("sorry\n> Received: from a by b\n", 6)]
    [InlineData("sorry\nMessage-ID: <1@x.test>\nX-Mailer: y\n z\nTo: a@b.test\n", 6)]
    [InlineData("sorry\nMessage-ID: <1@x.test>\nRecipient: a@b.test\nReason: full\n", -1)]
    [InlineData("header fields:\n  Message-id: <1@x.test>\n  To: a@b.test\n", -1)]
    public void Finds_where_the_original_begins(string text, int expected) => InlineOriginal.Find(Utf8(text), out _).ShouldBe(expected);

    private static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>Reads a transcript that a test writes out.</summary>
internal static class Transcripts
{
    public static List<TranscriptReply> Read(string text)
    {
        List<TranscriptReply> replies = [];
        Transcript.Read(Encoding.UTF8.GetBytes(text), replies);
        return replies;
    }
}
