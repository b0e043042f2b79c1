using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>From DATA to the reply to the final dot.</summary>
public sealed class DataTests
{
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
    public void A_421_of_the_handler_ends_the_session() // RFC 5321 section 3.8
    {
        var handler = new RecordingMailHandler { OnMail = _ => SmtpReplies.ShuttingDown };
        using var client = new MemoryClient(handler: handler);
        client.SendAll("EHLO a\r\n", "MAIL FROM:<>\r\n").ShouldStartWith("421 ");
        client.IsClosed.ShouldBeTrue();
    }
}
