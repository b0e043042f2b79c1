using BounceMx.Smtp.Tests.Dialogues;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>
/// Plays a dialogue against the protocol core in memory and looks whether all holds that must hold: no exception out of the session, an end in
/// bounded time, nothing written behind it, no timer left, replies that can be read, and what <see cref="SessionModel"/> says.
/// </summary>
internal sealed class FuzzPlayer
{
    // Unread replies that the pipe to a deaf client takes, and what the server may gather beyond it before it waits: 16 KiB and one reply.
    private const int Window = 1024;
    private const int MaxUnread = Window + (16 * 1024) + 4096;

    // Longer than any deadline: half an hour for a body, five minutes for a command, 20 s for errors.
    private static readonly TimeSpan EndOfTime = TimeSpan.FromHours(2);

    private static readonly TimeSpan RealTime = TimeSpan.FromSeconds(10);

    private readonly MemoryServer _server = MemoryServer.Forgetful();

    /// <summary>Plays it.</summary>
    /// <exception cref="FuzzException">Something did not hold.</exception>
    public async Task PlayAsync(FuzzDialogue dialogue)
    {
        var handler = new RecordingMailHandler();
        using var client = new MemoryClient(dialogue.Options, handler, window: dialogue.IsDeaf ? Window : 0, server: _server);
        Arrange(handler, client, dialogue);
        string sent = "";
        bool isBroken = false;
        foreach (FuzzAction action in dialogue.Actions)
        {
            if (client.IsClosed)
                break;
            isBroken |= action.Kind == FuzzActionKind.Break;
            if (Act(client, action, dialogue.IsDeaf))
                sent += action.Octets;
            if (action.Kind is FuzzActionKind.Break or FuzzActionKind.HangUp)
                break;
        }
        await FinishAsync(client, dialogue);
        if (dialogue.IsDeaf)
            return;
        var replies = Read(client.Transcript);
        var model = new SessionModel(dialogue, sent, replies, isClosed: true);
        if (
            !model
                .Stored()
                .SequenceEqual(handler.Messages.Select((message, i) => (handler.Texts.ElementAt(i), message.Transaction.HasBareLineEnds)))
        )
            throw new FuzzException("What is stored is not what was sent.");
    }

    private static void Arrange(RecordingMailHandler handler, MemoryClient client, FuzzDialogue dialogue)
    {
        Func<BounceMx.Mail.ForwardPath, SmtpReply> usual = handler.OnRcpt;
        handler.OnRcpt = path => path.Mailbox.LocalPart == "fault" ? throw new InvalidOperationException("broken") : usual(path);
        int messages = 0;
        handler.OnData = async () =>
        {
            if (dialogue.HandlerTime > TimeSpan.Zero)
                await Task.Delay(dialogue.HandlerTime, client.Time);
            return (++messages % 4) switch
            {
                2 => SmtpReplies.SystemFull,
                3 => throw new InvalidOperationException("broken"),
                _ => SmtpReplies.Accepted,
            };
        };
    }

    // Whether the octets have reached the server.
    private static bool Act(MemoryClient client, FuzzAction action, bool isDeaf)
    {
        switch (action.Kind)
        {
            case FuzzActionKind.Send when isDeaf:
                if (client.HasRoom)
                    client.SendDeaf(action.Octets);
                break;
            case FuzzActionKind.Send:
                // Somebody who has to wait for what his errors cost cannot send more than the window.
                for (int i = 0; i < 100 && !client.HasRoom; i++)
                    client.Advance(TimeSpan.FromSeconds(1));
                // A shutdown while an error costs time goes on on another thread.
                SpinWait.SpinUntil(() => client.HasRoom || client.IsClosed, TimeSpan.FromSeconds(5));
                if (client.IsClosed || !client.HasRoom)
                    return false;
                client.Send(action.Octets);
                break;
            case FuzzActionKind.Wait when isDeaf:
                client.Time.Advance(action.Time);
                break;
            case FuzzActionKind.Wait:
                client.Advance(action.Time);
                break;
            case FuzzActionKind.HangUp:
                client.HangUp();
                break;
            case FuzzActionKind.Break:
                client.Break();
                break;
            case FuzzActionKind.ShutDown:
                client.Shutdown();
                break;
        }
        return true;
    }

    private static async Task FinishAsync(MemoryClient client, FuzzDialogue dialogue)
    {
        client.Time.Advance(EndOfTime);
        try
        {
            // Only what a shutdown interrupts goes on on a thread of its own; all else has ended by now.
            await client.Running.WaitAsync(RealTime);
        }
        catch (Exception exception)
        {
            throw new FuzzException(
                exception is TimeoutException ? "The session has no end." : $"An exception came out of the session: {exception}"
            );
        }
        int unread = client.Read().Length;
        if (dialogue.IsDeaf && unread > MaxUnread)
            throw new FuzzException($"{unread} octets of replies wait for a client that does not read.");
        if (client.Time.ArmedTimers != 0)
            throw new FuzzException("A timer is left.");
        client.Time.Advance(EndOfTime);
        if (client.Read().Length > 0)
            throw new FuzzException("Something was written behind the end.");
    }

    private static List<Reply> Read(string transcript)
    {
        List<Reply> replies = [];
        try
        {
            while (Reply.Take(ref transcript) is { } reply)
                replies.Add(reply);
        }
        catch (FormatException exception)
        {
            throw new FuzzException(exception.Message);
        }
        if (transcript.Length > 0)
            throw new FuzzException("The last reply is not complete.");
        if (replies is not [{ Summary: "220" }, ..])
            throw new FuzzException("No greeting.");
        return replies;
    }
}
