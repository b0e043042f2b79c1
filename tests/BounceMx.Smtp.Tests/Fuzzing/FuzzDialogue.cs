using System.Globalization;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>What a hostile client does, so complete that it can be played again.</summary>
/// <param name="Options">What the server enforces.</param>
/// <param name="Actions">What happens, in this order.</param>
internal sealed record FuzzDialogue(SmtpServerOptions Options, IReadOnlyList<FuzzAction> Actions)
{
    /// <summary>How long the mail handler takes for a message.</summary>
    public TimeSpan HandlerTime { get; init; }

    /// <summary>The client reads nothing until its end.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>All octets that the client would send, an octet a character.</summary>
    public string Octets => string.Concat(Actions.Select(action => action.Octets));

    /// <summary>As it can be pasted into a test.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"deaf: {IsDeaf}, handler takes {HandlerTime}, at most {Options.MaxMessageSize} octets, chunking: {Options.Chunking}, refuses bare CR and LF: {Options.RefuseBareLineEnds}\n"
        ) + string.Join('\n', Actions);
}

/// <summary>One thing that a client does, or that happens to it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Octets">What is sent, an octet a character; empty unless something is.</param>
/// <param name="Time">How much time passes; zero unless it does.</param>
internal readonly record struct FuzzAction(FuzzActionKind Kind, string Octets, TimeSpan Time)
{
    public static FuzzAction Send(string octets) => new(FuzzActionKind.Send, octets, TimeSpan.Zero);

    public static FuzzAction Wait(TimeSpan time) => new(FuzzActionKind.Wait, "", time);

    public static FuzzAction Of(FuzzActionKind kind) => new(kind, "", TimeSpan.Zero);

    public override string ToString() =>
        Kind switch
        {
            FuzzActionKind.Send => $"send \"{string.Concat(Octets.Select(Escape))}\"",
            FuzzActionKind.Wait => $"wait {Time}",
            _ => Kind.ToString(),
        };

    private static string Escape(char octet) =>
        octet switch
        {
            '\r' => "\\r",
            '\n' => "\\n",
            '"' or '\\' => $"\\{octet}",
            >= ' ' and <= '~' => octet.ToString(),
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)octet:x4}"),
        };
}

internal enum FuzzActionKind
{
    Send,
    Wait,

    /// <summary>The client closes its sending side.</summary>
    HangUp,

    /// <summary>The connection breaks.</summary>
    Break,

    /// <summary>The server shuts down.</summary>
    ShutDown,
}
