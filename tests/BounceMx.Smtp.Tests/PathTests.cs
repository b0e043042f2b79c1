using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>The paths of MAIL and RCPT (RFC 5321 section 4.1.2, RFC 6531 section 3.3).</summary>
public sealed class PathTests
{
    private static readonly string LongDomain = string.Join('.', Enumerable.Repeat(new string('d', 49), 4)) + ".test";

    [Theory]
    [InlineData("MAIL FROM:<>", "")] // RFC 5321 section 4.5.5
    [InlineData("MAIL FROM: <>", "")]
    [InlineData("mail from:<>", "")] // RFC 5321 section 2.4
    [InlineData("MAIL  FROM:<> ", "")]
    [InlineData("MAIL FROM:<u@d.test>", "u@d.test")]
    [InlineData("MAIL FROM:<@a,@b:u@d>", "u@d")] // RFC 5321 appendix F.2
    [InlineData("MAIL FROM:<@[IPv6:::1],@b:u@d>", "u@d")]
    [InlineData("MAIL FROM:<u@[192.0.2.1]>", "u@[192.0.2.1]")] // RFC 5321 section 4.1.3
    [InlineData("MAIL FROM:<\"a>b\"@d>", "\"a>b\"@d")] // RFC 5321 section 4.1.2
    [InlineData("MAIL FROM:<\"a\\\"b\"@d>", "\"a\\\"b\"@d")]
    [InlineData("MAIL FROM:<\"a b\"@d>", "\"a b\"@d")]
    [InlineData("MAIL FROM:<\"a.b\"@d>", "a.b@d")]
    [InlineData("MAIL FROM:<a..b.@d>", "\"a..b.\"@d")] // mobile carriers of old
    [InlineData("MAIL FROM:<\"\"@d>", "\"\"@d")]
    public void Accepts_a_reverse_path(string command, string mailbox)
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", $"{command}\r\n").ShouldBe("250 2.1.0 Ok\r\n");
        client.Handler.Transactions.ShouldHaveSingleItem().ReversePath.ToString().ShouldBe(mailbox);
    }

    [Theory]
    [InlineData("MAIL", "501 5.5.4 ")]
    [InlineData("MAIL FROM", "501 5.5.4 ")]
    [InlineData("MAIL TO:<>", "501 5.5.4 ")]
    [InlineData("MAIL FROM:<>SIZE=1", "501 5.5.4 ")]
    [InlineData("MAIL FROM:", "501 5.1.7 ")]
    [InlineData("MAIL FROM:u@d", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<postmaster>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<@a:>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<@a,b:u@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@d", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@.d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@d.>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@d..e>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@d@e>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@[]>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u@[1>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<u v@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<\"u@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<\"u\\", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<\"u\tv\"@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<\"u\"v@d>", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<<>>", "501 5.1.7 ")]
    public void Refuses_a_bad_reverse_path(string command, string reply) // RFC 5321 section 4.1.2
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", $"{command}\r\n").ShouldStartWith(reply);
    }

    [Theory]
    [InlineData(128, "250 2.1.0 ")]
    [InlineData(129, "501 5.1.7 ")]
    public void Limits_the_local_part_to_128_octets_quoted_or_not(int length, string reply) // RFC 5321 section 4.5.3.1.1, loosened
    {
        using var client = new MemoryClient();
        string local = new('x', length);
        client.SendAll("EHLO client.test\r\n", $"MAIL FROM:<{local}@d>\r\n").ShouldStartWith(reply);
        client.SendAll("RSET\r\n", $"MAIL FROM:<\"{local}\"@d>\r\n").ShouldStartWith(reply);
    }

    [Fact]
    public void Limits_the_path_to_256_octets() // RFC 5321 section 4.5.3.1.3
    {
        using var client = new MemoryClient();
        int room = 256 - LongDomain.Length - "<@>".Length;
        client.SendAll("EHLO a\r\n", $"MAIL FROM:<{new string('x', room)}@{LongDomain}>\r\n").ShouldStartWith("250 ");
        client.SendAll("RSET\r\n", $"MAIL FROM:<{new string('x', room + 1)}@{LongDomain}>\r\n").ShouldStartWith("501 5.1.7 ");
    }

    [Theory]
    [InlineData("RCPT TO:<a@bounces.test>", "a@bounces.test")]
    [InlineData("rcpt to: <a@bounces.test>", "a@bounces.test")]
    [InlineData("RCPT TO:<\"bounces+x=y\"@bounces.test>", "bounces+x=y@bounces.test")]
    [InlineData("RCPT TO:<@relay.test:a@bounces.test>", "a@bounces.test")]
    [InlineData("RCPT TO:<Postmaster>", "Postmaster")] // RFC 5321 section 4.5.1
    [InlineData("RCPT TO:<pOSTMASTER>", "pOSTMASTER")]
    [InlineData("RCPT TO:<\"postmaster\">", "postmaster")]
    public void Accepts_a_forward_path(string command, string mailbox) // RFC 5321 section 4.1.1.3
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n", $"{command}\r\n").ShouldBe("250 2.1.5 Ok\r\n");
        client.Handler.Recipients.ShouldHaveSingleItem().ToString().ShouldBe(mailbox);
    }

    [Theory]
    [InlineData("RCPT TO:<>", "501 5.1.3 ")]
    [InlineData("RCPT TO:<abuse>", "501 5.1.3 ")]
    [InlineData("RCPT TO:a@bounces.test", "501 5.1.3 ")]
    [InlineData("RCPT", "501 5.5.4 ")]
    [InlineData("RCPT FROM:<a@bounces.test>", "501 5.5.4 ")]
    [InlineData("RCPT TO:<a@bounces.test>x", "501 5.5.4 ")]
    [InlineData("RCPT TO:<a@bounces.test> NOTIFY=NEVER", "555 5.5.4 ")] // RFC 3461, not offered
    [InlineData("RCPT TO:<a@bounces.test> ORCPT=rfc822;a@b", "555 5.5.4 ")]
    [InlineData("RCPT TO:<a@elsewhere.test>", "550 5.7.1 ")]
    [InlineData("RCPT TO:<a%bounces.test@[192.0.2.9]>", "550 5.7.1 ")]
    [InlineData("RCPT TO:<\xc3\xa9@bounces.test>", "553 5.6.7 ")] // RFC 6531 section 3.5
    [InlineData("RCPT TO:<\xe9@bounces.test>", "500 5.5.2 ")]
    public void Refuses_a_forward_path(string command, string reply)
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n", $"{command}\r\n").ShouldStartWith(reply);
    }

    [Fact]
    public void Wants_SMTPUTF8_for_a_reverse_path_beyond_ASCII() // RFC 6531 section 3.5
    {
        using var client = new MemoryClient();
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<\xc3\xa9@d>\r\n").ShouldStartWith("553 5.6.7 ");
        client.Send("MAIL FROM:<\xe9@d> SMTPUTF8\r\n").ShouldStartWith("500 5.5.2 ");
        client.Send("MAIL FROM:<\xc3\xa9@d> SMTPUTF8\r\n").ShouldStartWith("250 2.1.0 ");
        client.Send("RCPT TO:<\xc3\xa9@bounces.test>\r\n").ShouldStartWith("250 2.1.5 ");
        client.Handler.Recipients.ShouldHaveSingleItem().Mailbox.LocalPart.ShouldBe("\u00e9");
    }
}
