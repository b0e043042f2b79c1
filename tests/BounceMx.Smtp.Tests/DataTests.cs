using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>From DATA to the reply to the final dot.</summary>
public sealed class DataTests
{
    [Fact]
    public void Hands_the_message_over_as_it_was_sent() // RFC 5321 section 4.1.1.4
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send("Subject: x\r\n\r\n\xe9\0..\r\n..\r\n.\r\n").ShouldBe("250 2.0.0 Ok\r\n");
        client.Handler.Texts.ShouldHaveSingleItem().ShouldBe("Subject: x\r\n\r\n\xe9\0..\r\n.\r\n");
        client.Handler.Messages[0].Transaction.ShouldBeSameAs(client.Handler.Transactions[0]);
    }

    [Fact]
    public void A_message_ends_its_transaction() // RFC 5321 section 4.1.1.4
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send(".\r\n").ShouldStartWith("250 ");
        client.Handler.Resets.ShouldBe(1);
        client.Send("DATA\r\n").ShouldStartWith("503 5.5.1 ");
        client.Send("MAIL FROM:<>\r\n").ShouldStartWith("250 2.1.0 ");
        client.Send("DATA\r\n").ShouldStartWith("554 5.5.1 ");
    }

    [Fact]
    public void A_refused_message_ends_its_transaction() // RFC 5321 section 4.1.1.4
    {
        var handler = new RecordingMailHandler { OnData = () => ValueTask.FromResult(SmtpReplies.SystemFull) };
        using MemoryClient client = new MemoryClient(handler: handler).UpToData();
        client.Send(".\r\n").ShouldStartWith("452 4.3.1 ");
        handler.Resets.ShouldBe(1);
        client.Send("DATA\r\n").ShouldStartWith("503 5.5.1 ");
    }

    [Fact]
    public void Reads_a_message_over_the_limit_to_its_end_before_refusing_it() // RFC 1870 section 6.3
    {
        using MemoryClient client = new MemoryClient(new SmtpServerOptions { MaxMessageSize = 10 }).UpToData();
        client.Send(new string('x', 200_000)).ShouldBe("");
        client.Send("\r\nQUIT\r\n.\r\n").ShouldStartWith("552 5.3.4 ");
        client.Handler.Messages.ShouldBeEmpty();
        client.Send("MAIL FROM:<>\r\n").ShouldStartWith("250 2.1.0 ");
    }

    [Fact]
    public void A_line_may_be_of_any_length()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        string line = new('x', 1_000_000);
        client.Send($"{line}\r\n.\r\n").ShouldStartWith("250 ");
        client.Handler.Texts.ShouldHaveSingleItem().ShouldBe($"{line}\r\n");
    }

    [Fact]
    public void Input_behind_DATA_before_the_354_ends_the_session() // RFC 2920 section 3.1
    {
        using var client = new MemoryClient();
        string replies = client.Send("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n");
        replies.ShouldEndWith("\r\n250 2.1.5 Ok\r\n554 5.5.0 Protocol error: DATA ends a group of commands\r\n");
        client.IsClosed.ShouldBeTrue();
        client.Handler.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void Commands_behind_a_refused_DATA_are_commands() // RFC 2920 section 3.1
    {
        using var client = new MemoryClient();
        string replies = client.Send("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@elsewhere.test>\r\nDATA\r\nRSET\r\nQUIT\r\n");
        replies.ShouldContain("\r\n554 5.5.1 No valid recipients\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n");
    }

    [Fact]
    public void MAIL_behind_the_final_dot_is_legal() // RFC 2920 section 3.1
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client
            .Send("a\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\nDATA\r\n")
            .ShouldBe("250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n");
    }

    [Fact]
    public void A_peer_that_hangs_up_in_mid_message_delivers_nothing() // RFC 5321 section 4.1.1.4
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send("a\r\n.\r");
        client.HangUp().ShouldBe("");
        client.IsClosed.ShouldBeTrue();
        client.Handler.Messages.ShouldBeEmpty();
        client.Handler.Resets.ShouldBe(1);
    }

    [Fact]
    public async Task A_reset_connection_ends_the_session_without_an_exception()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Break();
        (await client.Running).ShouldBe(ConnectionEnd.HungUp);
    }

    [Fact]
    public void No_reply_is_sent_before_the_handler_has_answered()
    {
        var disk = new TaskCompletionSource<SmtpReply>();
        var handler = new RecordingMailHandler { OnData = () => new ValueTask<SmtpReply>(disk.Task) };
        using MemoryClient client = new MemoryClient(handler: handler).UpToData();
        client.Send("a\r\n.\r\nNOOP\r\n").ShouldBe("");
        disk.SetResult(SmtpReplies.Accepted);
        client.Read().ShouldBe("250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n");
    }

    [Fact]
    public void A_fault_in_the_handler_is_a_451_and_the_session_goes_on() // RFC 5321 section 4.2.2
    {
        var handler = new RecordingMailHandler { OnMail = _ => throw new InvalidOperationException("broken") };
        using var client = new MemoryClient(handler: handler);
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n").ShouldStartWith("451 4.3.0 ");
        handler.OnMail = _ => SmtpReplies.SenderOk;
        handler.OnRcpt = _ => throw new InvalidOperationException("broken");
        client.SendAll("MAIL FROM:<>\r\n", "RCPT TO:<a@bounces.test>\r\n").ShouldStartWith("451 4.3.0 ");
        handler.OnRcpt = _ => SmtpReplies.RecipientOk;
        handler.OnData = () => throw new InvalidOperationException("broken");
        client.SendAll("RCPT TO:<a@bounces.test>\r\n", "DATA\r\n", ".\r\n").ShouldStartWith("451 4.3.0 ");
        client.Send("MAIL FROM:<>\r\n").ShouldStartWith("250 2.1.0 ");
    }

    [Fact]
    public void A_421_of_the_handler_ends_the_session() // RFC 5321 section 3.8
    {
        var handler = new RecordingMailHandler { OnMail = _ => SmtpReplies.ShuttingDown };
        using var client = new MemoryClient(handler: handler);
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n").ShouldStartWith("421 ");
        client.IsClosed.ShouldBeTrue();
    }
}
