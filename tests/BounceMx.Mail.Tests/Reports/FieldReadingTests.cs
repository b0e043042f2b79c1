using System.Globalization;
using System.Text;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>The small readers of single values: addresses, dates, replies, commands, transcripts.</summary>
public sealed class FieldReadingTests
{
    [Theory]
    [InlineData("rfc822; a@b.test", "a@b.test")]
    [InlineData("RFC822;a@b.test", "a@b.test")]
    [InlineData("a@b.test", "a@b.test")]
    [InlineData("rfc822; <a@b.test>", "a@b.test")]
    [InlineData("rfc822; \"A; B\" <a@b.test>", "a@b.test")]
    [InlineData("rfc822; <@relay.test,@two.test:a@b.test>", "a@b.test")]
    [InlineData("rfc822; a@b.test (the boss)", "a@b.test")]
    [InlineData("rfc822;\n a@b.test", "a@b.test")]
    [InlineData("\"a;b\"@c.test", "\"a;b\"@c.test")]
    [InlineData("utf-8; \\x{1F408}@b.test", "🐈@b.test")]
    [InlineData("utf-8; \\x{zz}@b.test", "\\x{zz}@b.test")]
    [InlineData("rfc822; |/bin/vacation a", "|/bin/vacation a")]
    [InlineData("system;<>", null)]
    [InlineData("", null)]
    public void Reads_recipient_fields(string field, string? expected) => AddressText.Read(Utf8(field)).ShouldBe(expected);

    [Theory]
    [InlineData("rfc822; a+2Btag+3Dx@b.test", "a+tag=x@b.test")]
    [InlineData("rfc822; a+2024@b.test", "a+2024@b.test")]
    [InlineData("rfc822; a+40b.test", "a@b.test")]
    [InlineData("rfc822; a+40c@b.test", "a+40c@b.test")]
    public void Decodes_only_the_xtext_that_must_be_one(string field, string expected) =>
        AddressText.ReadOriginal(Utf8(field)).ShouldBe(expected);

    [Theory]
    [InlineData("a@b.test", true)]
    [InlineData("\"a b\"@c.test", true)]
    [InlineData("|/bin/x a@b.test /home", false)]
    [InlineData("/var/mail/a@b", false)]
    [InlineData("a", false)]
    [InlineData("@b", false)]
    [InlineData("a@", false)]
    public void Tells_mailboxes_from_pipes_and_files(string text, bool expected) => AddressText.IsMailbox(text).ShouldBe(expected);

    [Theory]
    [InlineData("Tue, 3 Mar 2026 10:15:32 +0100 (CET)", "2026-03-03T09:15:32")]
    [InlineData("3 Mar 26 09:15 GMT", "2026-03-03T09:15:00")]
    [InlineData("Tue Mar  3 10:15:32 2026", "2026-03-03T10:15:32")]
    [InlineData("Tue, 03-Mar-2026 10:15:32 EST", "2026-03-03T15:15:32")]
    [InlineData("2026-03-03T10:15:32+01:00", "2026-03-03T09:15:32")]
    [InlineData("2026-03-03 10:15:32Z", "2026-03-03T10:15:32")]
    [InlineData("Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00")]
    public void Reads_dates(string text, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{MailDate.Read(Utf8(text)):s}").ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("32 Mar 2026 10:15:32 +0000")]
    [InlineData("29 Feb 2025 10:15:32 +0000")]
    [InlineData("3 Mar 99999 10:15:32 +0000")]
    [InlineData("2026-13-03T10:15:32")]
    public void Reads_no_date_where_there_is_none(string text) => MailDate.Read(Utf8(text)).ShouldBeNull();

    [Theory]
    [InlineData("550 5.1.1 no such user", 550)]
    [InlineData("550-5.1.1 no such user", 550)]
    [InlineData("host mx.test[192.0.2.550] said: 452 full", 452)]
    [InlineData("5.1.0 - Unknown address error 550-'Unknown user'", 550)]
    [InlineData("#550 5.7.1 RESOLVER", 550)]
    [InlineData("Remote Server returned '550 5.4.1 denied'", 550)]
    [InlineData("SMTP error code 421", 421)]
    [InlineData("250 2.0.0 Ok", 250)]
    [InlineData("421", 421)]
    [InlineData("5.1.1 550 user unknown", 550)]
    [InlineData("[192.0.2.5], 550 no such user", 550)]
    [InlineData("ResponseCode 421, Host not reachable", 421)]
    public void Finds_the_reply_code(string text, int expected)
    {
        ReplyText.TryFind(Utf8(text), out ReplyCode code, out _).ShouldBeTrue();
        code.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("connect to mx.test[192.0.2.25]:25: timed out")]
    [InlineData("Thu, 29 Apr 2017 23:34:45 +0500")]
    [InlineData("message size: 552 bytes")]
    [InlineData("10.0.0.5 and 450.1.2.3")]
    [InlineData("queued as 4500A")]
    [InlineData("the 550 of us")]
    [InlineData("sent to a group with 550 users")]
    [InlineData("id 550@host.test")]
    [InlineData("ID (647543E51)")]
    public void Finds_no_reply_code_in(string text) => ReplyText.TryFind(Utf8(text), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("550 5.1.1 x", "5.1.1")]
    [InlineData("550 sorry (#5.1.1)", "5.1.1")]
    [InlineData("550-'5.2.2 full'", "5.2.2")]
    [InlineData("550 see 4.2.2 and 5.7.1", "5.7.1")]
    public void Finds_the_status_that_belongs_to_the_reply(string text, string expected)
    {
        ReplyText.TryFindStatus(Utf8(text), reply: 0, out EnhancedStatusCode status, out _).ShouldBeTrue();
        status.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("said: 550 x (in reply to RCPT TO command)", "RCPT")]
    [InlineData("said: 550 x (in reply to end of DATA command)", "DATA")]
    [InlineData("SMTP error from remote mail server after MAIL FROM:<a@b.test>: 550", "MAIL")]
    [InlineData("connect to mx.test[192.0.2.25]:25: Connection refused", "CONN")]
    [InlineData("user unknown", null)]
    public void Tells_the_command(string text, string? expected) => CommandText.Find(Utf8(text)).ShouldBe(expected);

    [Fact]
    public void Gives_replies_under_DATA_to_RCPT_but_for_the_last()
    {
        Transcripts
            .Read(">>> DATA\n<<< 550 5.1.1 unknown\n<<< 503 5.5.1 RCPT first\n")
            .Select(reply => reply.Command)
            .ShouldBe(["RCPT", "DATA"]);
    }

    [Fact]
    public void Keeps_a_lone_reply_under_DATA_for_DATA()
    {
        Transcripts.Read(">>> DATA\n<<< 550 spam\n554 5.0.0 Service unavailable\n")[0].Command.ShouldBe("DATA");
    }

    [Theory]
    [InlineData("550-5.1.1 no such\n 550-5.1.1 user\n 550 5.1.1 here", "550 5.1.1 no such user here")]
    [InlineData("550-one\r\n\t550 two", "550 one two")]
    [InlineData("550 one 550 two", "550 one 550 two")]
    public void Joins_the_lines_of_one_reply(string text, string expected) => DiagnosticText.Read(Utf8(text)).ShouldBe(expected);

    private static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
