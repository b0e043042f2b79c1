using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>Long lines, errors, silence, slowness, the end of the server.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_configured_delay_finds_out_who_speaks_before_the_greeting() // RFC 5321 section 4.3.1
    {
        var options = new SmtpServerOptions { HostName = "mx.bounces.test", GreetingDelay = TimeSpan.FromSeconds(6) };
        using var early = new MemoryClient(options);
        early.Send("EHLO early.test\r\n").ShouldBe("");
        early.Advance(TimeSpan.FromSeconds(6)).ShouldStartWith("554 5.5.0 ");
        using var patient = new MemoryClient(options);
        patient.Advance(TimeSpan.FromSeconds(6)).ShouldBe("220 mx.bounces.test ESMTP\r\n");
    }

    [Fact]
    public void The_reply_to_a_message_stands_even_when_it_is_the_twentieth_error()
    {
        using var client = new MemoryClient(new SmtpServerOptions { RefuseBareLineEnds = true });
        for (int i = 0; i < 19; i++)
        {
            client.Send("XYZZY\r\n");
            client.Advance(TimeSpan.FromSeconds(1));
        }
        client.UpToData().Send("bare\nline\r\n.\r\n").ShouldStartWith("550 5.5.2 ");
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void A_delivery_forgives_the_errors_before_it()
    {
        using var client = new MemoryClient();
        for (int i = 0; i < 10; i++)
            client.Send("XYZZY\r\n");
        client.UpToData().Send(".\r\n").ShouldStartWith("250 ");
        client.Send("XYZZY\r\n").ShouldStartWith("500 5.5.1 ");
    }

    [Fact]
    public void Each_command_gives_another_five_minutes()
    {
        using var client = new MemoryClient();
        client.Send("EHLO client.test\r\n");
        for (int i = 0; i < 5; i++)
        {
            client.Advance(TimeSpan.FromMinutes(4)).ShouldBe("");
            client.Send("NOOP\r\n").ShouldStartWith("250 ");
        }
    }

    [Fact]
    public void Octets_that_make_no_command_give_no_time()
    {
        using var client = new MemoryClient();
        for (int i = 0; i < 5; i++)
        {
            client.Send("N").ShouldBe("");
            client.Advance(TimeSpan.FromSeconds(59)).ShouldBe("");
        }
        client.Advance(TimeSpan.FromSeconds(6)).ShouldStartWith("421 4.4.2 ");
    }

    [Fact]
    public void A_message_that_is_fast_enough_has_half_an_hour()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        string minute = string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 375));
        for (int i = 0; i < 29; i++)
        {
            client.Send(minute).ShouldBe("");
            client.Advance(TimeSpan.FromMinutes(1)).ShouldBe("");
        }
        client.Send(minute).ShouldBe("");
        client.Advance(TimeSpan.FromMinutes(1) + Moment).ShouldStartWith("421 4.4.2 ");
        client.Handler.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void To_have_been_fast_earns_no_time_to_be_silent()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send(new string('x', 1_000_000)).ShouldBe("");
        client.Advance(TimeSpan.FromMinutes(1) - Moment).ShouldBe("");
        client.Advance(Moment + Moment).ShouldStartWith("421 4.4.2 ");
    }

    [Fact]
    public void All_chunks_of_a_message_share_its_half_hour()
    {
        using MemoryClient client = Chunking();
        client.Send("BDAT 2\r\nab").ShouldStartWith("250 ");
        for (int i = 0; i < 7; i++)
        {
            client.Advance(TimeSpan.FromMinutes(4)).ShouldBe("");
            client.Send(i % 2 == 0 ? "BDAT 0\r\n" : "BDAT 1\r\nx").ShouldStartWith("250 ");
        }
        client.Advance(TimeSpan.FromMinutes(2) + Moment).ShouldStartWith("421 4.4.2 ");
        client.Handler.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void At_shutdown_a_message_between_two_chunks_is_finished()
    {
        using MemoryClient client = Chunking();
        client.Send("BDAT 2\r\nab").ShouldStartWith("250 ");
        client.Shutdown().ShouldBe("");
        client.Send("BDAT 2 LAST\r\ncd").ShouldBe("250 2.0.0 Ok\r\n421 4.3.2 Service is shutting down\r\n");
        client.Handler.Texts.ShouldBe(["abcd"]);
    }

    [Fact]
    public void At_shutdown_a_message_whose_next_chunk_does_not_come_is_given_up()
    {
        using MemoryClient client = Chunking();
        client.Send("BDAT 2\r\nab").ShouldStartWith("250 ");
        client.Shutdown();
        client.Advance(TimeSpan.FromSeconds(20) - Moment).ShouldBe("");
        client.Advance(Moment + Moment).ShouldStartWith("421 4.3.2 ");
    }

    [Fact]
    public void A_bounce_that_is_refused_to_a_pipelining_client_is_one_error() // RFC 2920 section 3.1: DATA comes with RCPT
    {
        using var client = new MemoryClient();
        client.Send("EHLO client.test\r\n");
        for (int i = 0; i < 10; i++)
        {
            string said = client.Send("MAIL FROM:<>\r\nRCPT TO:<a@elsewhere.test>\r\nDATA\r\n");
            said.ShouldBe("250 2.1.0 Ok\r\n550 5.7.1 No relaying here\r\n554 5.5.1 No valid recipients\r\n", $"the bounce {i}");
            client.Send("RSET\r\n");
        }
        client.Send("DATA\r\n").ShouldBe("", "503, the eleventh error");
    }

    [Fact]
    public void Recipients_without_end_end_the_session()
    {
        using var client = new MemoryClient(new SmtpServerOptions { HostName = "mx.bounces.test", MaxRecipients = 100 });
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n");
        for (int i = 0; i < 100 + 100 + 99; i++)
            client.Send("RCPT TO:<a@bounces.test>\r\n").ShouldStartWith(i < 100 ? "250 " : "452 4.5.3 ");
        for (int i = 0; i < 20; i++)
        {
            client.IsClosed.ShouldBeFalse();
            client.Send("RCPT TO:<a@bounces.test>\r\n");
            client.Advance(TimeSpan.FromSeconds(1));
        }
        client.IsClosed.ShouldBeTrue();
        client.Transcript.ShouldEndWith("421 4.7.0 Too many errors\r\n");
    }

    [Fact]
    public void After_a_message_the_time_for_commands_counts_again()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send(".\r\n");
        client.Advance(TimeSpan.FromMinutes(5) - Moment).ShouldBe("");
        client.Send("QUIT\r\n").ShouldStartWith("221 ");
    }

    [Fact]
    public void Gives_up_a_peer_that_takes_no_replies()
    {
        using var client = new MemoryClient(window: 64);
        client.SendDeaf("HELP\r\n");
        client.Time.Advance(TimeSpan.FromSeconds(30) - Moment);
        client.IsClosed.ShouldBeFalse();
        client.Time.Advance(Moment + Moment);
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void A_peer_that_takes_its_replies_slowly_still_has_its_five_minutes()
    {
        using var client = new MemoryClient(window: 64);
        client.SendDeaf("HELP\r\n");
        client.Advance(TimeSpan.FromSeconds(29)).ShouldStartWith("214-");
        client.Advance(TimeSpan.FromMinutes(5) - Moment).ShouldBe("");
        client.Send("NOOP\r\n").ShouldStartWith("250 ");
    }

    [Fact]
    public async Task At_shutdown_nobody_waits_for_the_cost_of_an_error()
    {
        using var client = new MemoryClient();
        for (int i = 0; i < 11; i++)
            client.Send("XYZZY\r\n");
        string first = client.Shutdown();
        (await client.Running).ShouldBe(ConnectionEnd.ShutDown);
        (first + client.Read()).ShouldBe("500 5.5.1 Command unknown\r\n421 4.3.2 Service is shutting down\r\n");
    }

    private static MemoryClient Chunking()
    {
        var client = new MemoryClient(new SmtpServerOptions { HostName = "mx.bounces.test", Chunking = true });
        client.SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@bounces.test>\r\n");
        return client;
    }
}
