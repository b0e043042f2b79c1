namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>
/// What the server must answer: the table, a row each. Its parts stand in the files beside this one, in the order of a session.
/// Each row is played in memory, in memory cut at every place, over a socket, and inside TLS; see <see cref="DialogueTests"/>.
/// </summary>
internal static partial class Rows
{
    private const string Recipient = "bounces+a=b.test@bounces.test";

    // Only what stands above All may be a field: the order of initialization between files is not defined.
    private static readonly Step Ehlo = ("EHLO client.test", "250");
    private static readonly Step Mail = ("MAIL FROM:<>", "250 2.1.0");
    private static readonly Step Rcpt = ($"RCPT TO:<{Recipient}>", "250 2.1.5");
    private static readonly Step Data = ("DATA", "354");

    // "That nothing is left of a transaction": RCPT and DATA want a MAIL first.
    private static readonly Step[] NothingIsLeft = [($"RCPT TO:<{Recipient}>", "503 5.5.1"), ("DATA", "503 5.5.1")];

    public static IReadOnlyList<Dialogue> All { get; } =
    [
        .. Greetings,
        .. Senders,
        .. Parameters,
        .. Notifications,
        .. Recipients,
        .. Commands,
        .. Lines,
        .. Patience,
        .. Pipelining,
        .. EndsOfData,
        .. Messages,
        .. Chunking,
        .. StartTls,
        .. Proxies,
        .. Transactions,
    ];

    private static IEnumerable<Dialogue> Each<T>(IEnumerable<T> cases, Func<T, Dialogue> row) => cases.Select(row);

    private static string Of(char octet, int length) => new(octet, length);
}
