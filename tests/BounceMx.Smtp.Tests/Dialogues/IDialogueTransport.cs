namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>A client's end of a connection on which a dialogue is played.</summary>
internal interface IDialogueTransport : IAsyncDisposable
{
    /// <summary>Sends a piece, an octet a character. A connection that the server has closed takes it, too.</summary>
    ValueTask SendAsync(string octets);

    /// <summary>What has come since the last time; waits until there is something. Empty when the server has closed the connection, or, in
    /// memory, when it has done all that it will do.</summary>
    ValueTask<string> ReadAsync();

    /// <summary>Whether the server closes the connection without another octet.</summary>
    ValueTask<bool> IsClosedAsync();

    /// <summary>Does what is more than octets.</summary>
    ValueTask<string> DoAsync(Step step);
}
