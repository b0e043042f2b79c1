using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>Plays a dialogue over a transport and compares every reply with what the row says.</summary>
/// <param name="row">The row.</param>
/// <param name="transport">The connection, which has not been read from.</param>
/// <param name="handler">What the connection's mail came to.</param>
/// <param name="cut">Divides the octets of a step into pieces that are sent one by one.</param>
internal sealed class DialoguePlayer(
    Dialogue row,
    IDialogueTransport transport,
    RecordingMailHandler handler,
    Func<IReadOnlyList<string>, IEnumerable<string>> cut
)
{
    private readonly List<Reply> _replies = [];
    private string _received = "";

    /// <summary>All replies so far, the greeting included.</summary>
    public IReadOnlyList<Reply> Replies => _replies;

    public async Task PlayAsync(params Step[] before)
    {
        await HearAsync(before.Length == 0 ? row.Greeting : "220");
        foreach (Step step in (Step[])[.. before, .. row.Steps])
            await PlayAsync(step);
        if (!row.Closes)
            await PlayAsync(("QUIT", "221 2.0.0"));
        (await transport.IsClosedAsync()).ShouldBeTrue("The server has more to say, or does not close.");
        _received.ShouldBeEmpty();
        handler.Texts.ShouldBe(row.Stores);
        row.Check(handler);
    }

    private async Task PlayAsync(Step step)
    {
        if (step.InMemory is not null || step.Handshakes)
            _received += await transport.DoAsync(step);
        if (step.IsSilent)
            (_received += await transport.ReadAsync()).ShouldBeEmpty();
        foreach (string piece in cut(step.Units))
            await transport.SendAsync(piece);
        foreach (string expected in step.ExpectedReplies)
            await HearAsync(expected);
    }

    private async Task HearAsync(string expected)
    {
        Reply? reply;
        while ((reply = Reply.Take(ref _received)) is null)
        {
            string more = await transport.ReadAsync();
            more.ShouldNotBeEmpty($"No \"{expected}\" came. {Before()}");
            _received += more;
        }
        reply.Matches(expected).ShouldBeTrue($"\"{expected}\" expected, \"{reply}\" came. {Before()}");
        _replies.Add(reply);
    }

    private string Before() => $"Before it: {string.Join(" | ", _replies.TakeLast(4).Select(reply => reply.Summary))}";
}
