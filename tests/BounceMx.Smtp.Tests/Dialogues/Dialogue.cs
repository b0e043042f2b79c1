using System.Text.RegularExpressions;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>A row of the table: what a client says, what it must hear, and what must come of it.</summary>
/// <param name="Name">A sentence, behind the subject it belongs to and a colon.</param>
/// <param name="Rfc">Where that is written.</param>
/// <param name="Steps">The dialogue from the greeting on.</param>
internal sealed record Dialogue(string Name, string Rfc, params Step[] Steps)
{
    /// <summary>What the server enforces.</summary>
    public SmtpServerOptions Options { get; init; } = TestServer.Options;

    /// <summary>What is sent before the greeting.</summary>
    public string Early { get; init; } = "";

    /// <summary>What the server says first.</summary>
    public string Greeting { get; init; } = "220 mx.bounces.test ESMTP";

    /// <summary>Whether the server closes the connection behind the last reply. If not, QUIT is still answered.</summary>
    public bool Closes { get; init; }

    /// <summary>The messages that are stored, an octet a character.</summary>
    public string[] Stores { get; init; } = [];

    /// <summary>Where the row makes sense.</summary>
    public Places Places { get; init; } = Places.All;

    /// <summary>Makes the mail handler answer differently.</summary>
    public Action<RecordingMailHandler> Arrange { get; init; } = _ => { };

    /// <summary>What else must have reached the mail handler.</summary>
    public Action<RecordingMailHandler> Check { get; init; } = _ => { };

    public string Title => $"{Name} [{Rfc}]";

    /// <summary>The dialogue with its messages sent in one of the ways there are; see <see cref="Sending"/>.</summary>
    public Dialogue With(Func<Step, IEnumerable<Step>> body) =>
        this with
        {
            Steps = [.. Steps.SelectMany(step => step.Message is null ? [step] : body(step))],
        };

    public override string ToString() => Title;
}

/// <summary>Where a dialogue can be played.</summary>
[Flags]
internal enum Places
{
    Memory = 1,

    /// <summary>In memory, in two pieces for each place where it can be cut, and octet by octet.</summary>
    Cut = 2,
    Socket = 4,

    /// <summary>Over a socket, behind a STARTTLS of its own.</summary>
    Tls = 8,
    Clear = Memory | Cut | Socket,
    All = Clear | Tls,
}

/// <summary>Octets that go out, and the replies that must come before the next step.</summary>
/// <param name="Sent">An octet a character; <see cref="Joiner"/> stands between octets that must arrive together.</param>
/// <param name="Replies">
/// The replies, with " | " between them: code and enhanced code (<c>250 2.1.0</c>; <c>354</c> has none), or the whole of it, lines separated by LF.
/// </param>
internal sealed partial record Step(string Sent, string Replies)
{
    /// <summary>U+2060 WORD JOINER: keeps its two neighbours in one piece, and is not sent itself.</summary>
    public const string Joiner = "\u2060";

    /// <summary>Something other than octets happens; possible only in memory.</summary>
    public Func<MemoryClient, string>? InMemory { get; private init; }

    /// <summary>The client begins the TLS handshake.</summary>
    public bool Handshakes { get; private init; }

    /// <summary>Nothing has come up to here; can be known only in memory.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>A message as it is to be stored, which can be sent in several ways.</summary>
    public string? Message { get; private init; }

    public string[] ExpectedReplies => Replies.Length == 0 ? [] : Replies.Split(" | ");

    /// <summary>The octets one by one, except that those which belong together are one.</summary>
    public IReadOnlyList<string> Units =>
        field ??= [.. Unit().Matches(Sent).Select(match => match.Value.Replace(Joiner, "", StringComparison.Ordinal))];

    /// <summary>A command line, written without its CR LF, and the replies to it.</summary>
    public static implicit operator Step((string Line, string Replies) command) => new(command.Line + "\r\n", command.Replies);

    /// <summary>Octets as they are.</summary>
    public static Step Octets(string sent, string replies = "") => new(sent, replies);

    public static Step Do(Func<MemoryClient, string> action, string replies = "") => new("", replies) { InMemory = action };

    public static Step Pass(TimeSpan time, string replies = "") => Do(client => client.Advance(time), replies);

    public static Step Silence { get; } = new("", "") { IsSilent = true };

    public static Step Handshake { get; } = new("", "") { Handshakes = true };

    /// <summary>DATA and a message behind it.</summary>
    /// <param name="message">The message, whose last octets are CR LF, or none.</param>
    /// <param name="reply">The reply to its end.</param>
    public static Step Deliver(string message, string reply = "250 2.0.0") => new("", reply) { Message = message };

    [GeneratedRegex(@"(?s).(\u2060.)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unit();
}
