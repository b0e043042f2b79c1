using BounceMx.Mail;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>The answers to commands, a row of the table each.</summary>
public sealed class CommandTests
{
    [Fact]
    public void Greets_first() // RFC 5321 section 4.3.1
    {
        using var client = new MemoryClient();
        client.Greeting.ShouldBe("220 mx.bounces.test ESMTP\r\n");
    }

    [Fact]
    public void Refuses_input_before_the_greeting() // RFC 5321 section 4.3.1
    {
        using var client = new MemoryClient(early: "EHLO early.test\r\n");
        client.Greeting.ShouldStartWith("554 5.5.0 ");
        client.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("client.test")]
    [InlineData("[127.0.0.1]")] // RFC 5321 section 4.1.3
    [InlineData("[IPv6:::1]")]
    [InlineData("WIN-1 of_Bob")] // no domain, and in the wild
    public void Answers_EHLO_with_the_list_of_extensions(string domain) // RFC 5321 section 4.1.1.1
    {
        using var client = new MemoryClient();
        client
            .Send($"EHLO {domain}\r\n")
            .ShouldBe(
                "250-mx.bounces.test\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8\r\n"
            );
    }

    [Fact]
    public void Answers_HELO_with_one_line() // RFC 5321 section 4.1.1.1
    {
        using var client = new MemoryClient();
        client.Send("HELO client.test\r\n").ShouldBe("250 mx.bounces.test\r\n");
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("EHLO ")]
    [InlineData("HELO")]
    [InlineData("EHLO \t")]
    [InlineData("EHLO \xe9")]
    public void Wants_a_name_without_enhanced_code_in_the_refusal(string command) // RFC 2034 section 4
    {
        using var client = new MemoryClient();
        client.Send($"{command}\r\n").ShouldBe("501 Syntax: EHLO or HELO, and a domain or address literal\r\n");
    }

    [Theory]
    [InlineData(255, "250-")]
    [InlineData(256, "501 ")]
    public void Limits_the_name_to_255_octets(int length, string reply) // RFC 5321 section 4.5.3.1.2
    {
        using var client = new MemoryClient();
        client.Send($"EHLO {new string('x', length)}\r\n").ShouldStartWith(reply);
    }

    [Theory]
    [InlineData("MAIL FROM:<>")]
    [InlineData("RCPT TO:<a@bounces.test>")]
    [InlineData("DATA")]
    public void Wants_EHLO_first(string command) // RFC 5321 section 4.1.4
    {
        using var client = new MemoryClient();
        client.Send($"{command}\r\n").ShouldStartWith("503 5.5.1 ");
    }

    [Theory]
    [InlineData("RCPT TO:<a@bounces.test>")]
    [InlineData("DATA")]
    public void Wants_MAIL_before_the_rest(string command) // RFC 5321 section 4.1.4
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", $"{command}\r\n").ShouldStartWith("503 5.5.1 ");
    }

    [Fact]
    public void Refuses_a_second_MAIL_in_one_transaction() // RFC 5321 section 4.1.4
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n", "MAIL FROM:<>\r\n").ShouldStartWith("503 5.5.1 ");
    }

    [Fact]
    public void Forgets_the_transaction_at_a_second_EHLO() // RFC 5321 section 4.1.4
    {
        using var client = new MemoryClient();
        client
            .SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@bounces.test>\r\n", "EHLO b\r\n", "DATA\r\n")
            .ShouldStartWith("503 5.5.1 ");
        client.Handler.Resets.ShouldBe(1);
    }

    [Fact]
    public void A_refused_EHLO_leaves_the_transaction_alone() // RFC 5321 section 4.1.4
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n", "EHLO\r\n", "RCPT TO:<a@bounces.test>\r\n").ShouldStartWith("250 2.1.5 ");
    }

    [Theory]
    [InlineData("SIZE=10485760", "250 2.1.0 ")] // RFC 1870 section 6.1
    [InlineData("SIZE=10485761", "552 5.3.4 ")]
    [InlineData("SIZE=00000000000000000000005", "250 2.1.0 ")]
    [InlineData("SIZE=99999999999999999999999", "552 5.3.4 ")]
    [InlineData("SIZE=9223372036854775808", "552 5.3.4 ")]
    [InlineData("SIZE=-1", "501 5.5.4 ")]
    [InlineData("SIZE=", "501 5.5.4 ")]
    [InlineData("SIZE", "501 5.5.4 ")]
    [InlineData("SIZE=1x", "501 5.5.4 ")]
    [InlineData("BODY=8BITMIME", "250 2.1.0 ")] // RFC 6152
    [InlineData("body=7bit", "250 2.1.0 ")]
    [InlineData("BODY=BINARYMIME", "555 5.5.4 ")]
    [InlineData("BODY", "501 5.5.4 ")]
    [InlineData("SMTPUTF8", "250 2.1.0 ")] // RFC 6531
    [InlineData("SMTPUTF8=", "501 5.5.4 ")]
    [InlineData("SMTPUTF8=1", "501 5.5.4 ")]
    [InlineData("SIZE=1  BODY=8BITMIME SMTPUTF8", "250 2.1.0 ")]
    [InlineData("RET=FULL", "555 5.5.4 ")] // RFC 3461, not offered
    [InlineData("ENVID=x", "555 5.5.4 ")]
    [InlineData("AUTH=<>", "555 5.5.4 ")] // RFC 4954, not offered
    [InlineData("=", "555 5.5.4 ")]
    public void Checks_the_parameters_of_MAIL(string parameters, string reply) // RFC 5321 section 4.1.1.11
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", $"MAIL FROM:<> {parameters}\r\n").ShouldStartWith(reply);
    }

    [Fact]
    public void Hands_the_transaction_to_the_handler()
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<> SIZE=17 BODY=8BITMIME SMTPUTF8\r\n");
        MailTransaction transaction = client.Handler.Transactions.ShouldHaveSingleItem();
        transaction.ShouldBe(
            new MailTransaction
            {
                ReversePath = ReversePath.Null,
                Helo = "client.test",
                Extended = true,
                RemoteAddress = System.Net.IPAddress.Parse("192.0.2.1"),
                DeclaredSize = 17,
                Body = BodyType.EightBitMime,
                SmtpUtf8 = true,
            }
        );
    }

    [Fact]
    public void Has_no_extensions_after_HELO() // RFC 5321 section 2.2.1
    {
        using var client = new MemoryClient();
        client.SendAll("HELO client.test\r\n", "MAIL FROM:<> SIZE=1\r\n").ShouldStartWith("555 5.5.4 ");
        client.Send("MAIL FROM:<>\r\n").ShouldStartWith("250 2.1.0 ");
        client.Handler.Transactions.ShouldHaveSingleItem().Extended.ShouldBeFalse();
    }

    [Fact]
    public void Takes_as_many_recipients_as_configured_and_no_more() // RFC 5321 section 4.5.3.1.10
    {
        using var client = new MemoryClient(new SmtpServerOptions { MaxRecipients = 100 });
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n");
        for (int i = 0; i < 100; i++)
            client.Send($"RCPT TO:<r{i}@bounces.test>\r\n").ShouldStartWith("250 2.1.5 ");
        client.Send("RCPT TO:<r100@bounces.test>\r\n").ShouldStartWith("452 4.5.3 ");
        client.SendAll("DATA\r\n", ".\r\n").ShouldStartWith("250 2.0.0 ");
    }

    [Fact]
    public void Refuses_DATA_when_no_recipient_was_accepted() // RFC 5321 section 3.3
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@elsewhere.test>\r\n", "DATA\r\n").ShouldStartWith("554 5.5.1 ");
    }

    [Fact]
    public void A_refused_MAIL_begins_no_transaction()
    {
        using var client = new MemoryClient(handler: new RecordingMailHandler { OnMail = _ => SmtpReplies.SystemFull });
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n").ShouldStartWith("452 4.3.1 ");
        client.Send("RCPT TO:<a@bounces.test>\r\n").ShouldStartWith("503 5.5.1 ");
    }

    [Theory]
    [InlineData("NOOP", "250 2.0.0 ")] // RFC 5321 section 4.1.1.9
    [InlineData("NOOP x", "250 2.0.0 ")]
    [InlineData("RSET", "250 2.0.0 ")]
    [InlineData("RSET x", "501 5.5.4 ")] // RFC 5321 section 4.1.1.5
    [InlineData("HELP", "214-2.0.0 ")] // RFC 5321 section 4.1.1.8
    [InlineData("HELP MAIL", "214-2.0.0 ")]
    [InlineData("VRFY bob", "252 2.5.2 ")] // RFC 5321 section 3.5.3
    [InlineData("VRFY", "501 5.5.4 ")]
    [InlineData("EXPN staff", "502 5.5.1 ")] // RFC 5321 section 4.1.1.7
    [InlineData("ETRN d.test", "502 5.5.1 ")] // RFC 1985
    [InlineData("AUTH PLAIN AGEAYg==", "502 5.5.1 ")] // RFC 4954
    [InlineData("STARTTLS", "454 4.7.0 ")] // RFC 3207 section 4
    [InlineData("STARTTLS x", "501 5.5.4 ")]
    [InlineData("DATA x", "501 5.5.4 ")]
    [InlineData("QUIT x", "501 5.5.4 ")]
    [InlineData("XYZZY", "500 5.5.1 ")] // RFC 5321 section 4.2.4
    [InlineData("", "500 5.5.1 ")]
    [InlineData(" NOOP", "500 5.5.1 ")]
    [InlineData("\x16\x03\x01", "500 5.5.1 ")]
    [InlineData("get / HTTP/1.1x", "500 5.5.1 ")]
    public void Answers_in_any_state(string command, string reply)
    {
        using var client = new MemoryClient();
        client.Send($"{command}\r\n").ShouldStartWith(reply);
        client.Send("EHLO client.test\r\n").ShouldStartWith("250-");
        client.SendAll("MAIL FROM:<>\r\n", $"{command}\r\n").ShouldStartWith(reply);
        client.IsClosed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("QUIT", "221 2.0.0 ")] // RFC 5321 section 4.1.1.10
    [InlineData("quit ", "221 2.0.0 ")]
    [InlineData("BDAT 5", "502 5.5.1 ")] // RFC 3030, not offered
    [InlineData("BDAT", "502 5.5.1 ")]
    [InlineData("GET / HTTP/1.1", "554 5.5.1 ")]
    [InlineData("POST", "554 5.5.1 ")]
    [InlineData("Host: bounces.test", "554 5.5.1 ")]
    [InlineData("NOOP\n", "500 5.5.2 ")] // RFC 5321 section 2.3.8
    [InlineData("NO\rOP", "500 5.5.2 ")]
    [InlineData("NO\0OP", "500 5.5.2 ")]
    public void Answers_once_and_closes(string command, string reply)
    {
        using var client = new MemoryClient();
        client.Send($"{command}\r\nNOOP\r\n").ShouldStartWith(reply);
        client.Transcript.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void RSET_clears_the_transaction() // RFC 5321 section 4.1.1.5
    {
        using var client = new MemoryClient();
        client
            .SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@bounces.test>\r\n", "RSET\r\n", "DATA\r\n")
            .ShouldStartWith("503 5.5.1 ");
        client.SendAll("MAIL FROM:<>\r\n", "DATA\r\n").ShouldStartWith("554 5.5.1 ");
    }
}
