namespace BounceMx.Smtp.Tests.Dialogues;

// Lines and their ends, errors, silence, the end of the server, groups of commands.
internal static partial class Rows
{
    private static TimeSpan Moment => TimeSpan.FromMilliseconds(100);

    // Errors that cost no time, so that rows with many of them can be played against a real clock.
    private static SmtpServerOptions Undelayed => TestServer.Options with { ErrorDelay = TimeSpan.Zero };

    private static IEnumerable<Dialogue> Lines =>
        [
            new("lines: one of 2048 octets is a command", "RFC 5321 4.5.3.1.4", ($"NOOP {Of('x', 2048 - 7)}", "250 2.0.0")),
            new(
                "lines: a longer one is discarded up to its CR LF and gets one 500 5.5.2",
                "RFC 5321 4.5.3.1.4",
                ($"NOOP {Of('x', 2049 - 7)}", "500 5.5.2"),
                ($"NOOP {Of('x', 60_000)}", "500 5.5.2"),
                ("NOOP", "250 2.0.0")
            ),
            new(
                "lines: 64 KiB without CR LF get 500 5.5.2 and the connection is closed",
                "RFC 5321 4.5.3.1.4",
                Step.Octets(Of('x', (64 * 1024) + 1), "500 5.5.2")
            )
            {
                Closes = true,
            },
            new(
                "lines: a longer one that has a CR LF after all gets 500 5.5.2, and the connection is closed",
                "RFC 5321 4.5.3.1.4",
                Step.Octets(Of('x', (64 * 1024) + 1) + "\r\nNOOP\r\n", "500 5.5.2")
            )
            {
                Closes = true,
            },
            .. Each(
                ["NOOP\n", "NO\rOP", "NOOP\r", "NO\0OP", "\0", "NOOP x\r\n\nMAIL FROM:<>"],
                line => new Dialogue(
                    $"lines: \"{Short(line)}\" with a bare CR or LF, or a NUL, gets 500 5.5.2 and the connection is closed",
                    "RFC 5321 2.3.8, 4.1.1.4",
                    Step.Octets(
                        line + "\r\nQUIT\r\n",
                        line.Contains("\r\n", StringComparison.Ordinal) ? "250 2.0.0 | 500 5.5.2" : "500 5.5.2"
                    )
                )
                {
                    Closes = true,
                }
            ),
        ];

    private static IEnumerable<Dialogue> Patience =>
        [
            new(
                "errors: each after the tenth costs a second",
                "RFC 5321 7.8",
                [
                    .. Enumerable.Repeat<Step>(("XYZZY", "500 5.5.1"), 10),
                    ("XYZZY", ""),
                    Step.Pass(TimeSpan.FromSeconds(1) - Moment),
                    Step.Silence,
                    Step.Pass(Moment, "500 5.5.1"),
                    ("NOOP", "250 2.0.0"),
                ]
            )
            {
                Places = Places.Memory,
            },
            new(
                "errors: the twentieth gets 421 4.7.0 and the connection is closed",
                "RFC 5321 3.8",
                [.. Enumerable.Repeat<Step>(("XYZZY", "500 5.5.1"), 19), ("XYZZY", "421 4.7.0")]
            )
            {
                Options = Undelayed,
                Closes = true,
            },
            .. Each(
                [("NOOP", "250 2.0.0"), ("RSET", "250 2.0.0"), ("VRFY bob", "252 2.5.2"), ("EHLO a", "250")],
                @case => new Dialogue(
                    $"errors: {@case.Item1} counts as one from the 101st on",
                    "RFC 5321 7.8",
                    [.. Enumerable.Repeat<Step>((@case.Item1, @case.Item2), 119), (@case.Item1, "421 4.7.0")]
                )
                {
                    Options = Undelayed,
                    Closes = true,
                    Places = Places.Clear,
                }
            ),
            new(
                "idle: after 300 s the client gets 421 4.4.2 and the connection is closed",
                "RFC 5321 4.5.3.2.7",
                Ehlo,
                Step.Pass(TimeSpan.FromMinutes(5) - Moment),
                Step.Silence,
                Step.Pass(2 * Moment, "421 4.4.2")
            )
            {
                Closes = true,
                Places = Places.Memory,
            },
            new(
                "idle: a message that falls behind 500 octets/s gets 421 4.4.2 and is not stored",
                "RFC 5321 4.5.3.2.5",
                Ehlo,
                Mail,
                Rcpt,
                Data,
                Step.Octets(Of('x', 5000)),
                Step.Pass(TimeSpan.FromSeconds(60) - Moment),
                Step.Silence,
                Step.Pass(2 * Moment, "421 4.4.2")
            )
            {
                Closes = true,
                Places = Places.Memory,
            },
            new(
                "shutdown: an idle session gets 421 4.3.2 and the connection is closed",
                "RFC 5321 3.8",
                Ehlo,
                Mail,
                Step.Do(client => client.Shutdown(), "421 4.3.2")
            )
            {
                Closes = true,
                Places = Places.Memory | Places.Cut,
                Check = handler => handler.Resets.ShouldBe(1),
            },
            new(
                "shutdown: a message under way is finished, and 250 means that it is stored",
                "RFC 5321 3.8",
                Ehlo,
                Mail,
                Rcpt,
                Data,
                Step.Octets("first"),
                Step.Do(client => client.Shutdown()),
                Step.Silence,
                Step.Octets(" and last\r\n.\r\nMAIL FROM:<>\r\n", "250 2.0.0 | 421 4.3.2")
            )
            {
                Closes = true,
                Stores = ["first and last\r\n"],
                Places = Places.Memory | Places.Cut,
            },
        ];

    private static IEnumerable<Dialogue> Pipelining =>
        [
            new(
                "PIPELINING: octets behind DATA before the 354 get 554 5.5.0 and the connection is closed",
                "RFC 2920 3.1",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets($"DATA\r\n{Step.Joiner}Subject: x\r\n\r\n.\r\n", "554 5.5.0")
            )
            {
                Closes = true,
            },
            new(
                "PIPELINING: a group that goes on behind DATA gets 554 5.5.0 and the connection is closed",
                "RFC 2920 3.1",
                Step.Octets(
                    $"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nDATA\r\n{Step.Joiner}.\r\n",
                    "250 | 250 2.1.0 | 250 2.1.5 | 554 5.5.0"
                )
            )
            {
                Closes = true,
            },
            new(
                "PIPELINING: MAIL, RCPT and RSET may stand anywhere in a group, and DATA at its end",
                "RFC 2920 3.1",
                Step.Octets(
                    $"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<x@elsewhere.test>\r\nRSET\r\nMAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nNOOP\r\nDATA\r\n",
                    "250 | 250 2.1.0 | 550 5.7.1 | 250 2.0.0 | 250 2.1.0 | 250 2.1.5 | 250 2.0.0 | 354"
                ),
                Empty()
            )
            {
                Stores = [""],
            },
            new(
                "PIPELINING: MAIL behind the final dot is legal",
                "RFC 2920 3.1",
                Ehlo,
                Mail,
                Rcpt,
                Data,
                Step.Octets($"one\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nDATA\r\n", "250 2.0.0 | 250 2.1.0 | 250 2.1.5 | 354"),
                Step.Octets("two\r\n.\r\nQUIT\r\n", "250 2.0.0 | 221 2.0.0")
            )
            {
                Closes = true,
                Stores = ["one\r\n", "two\r\n"],
            },
            new(
                "PIPELINING: behind a DATA that is refused, commands are commands",
                "RFC 2920 3.1",
                Step.Octets(
                    "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@elsewhere.test>\r\nDATA\r\nRSET\r\nQUIT\r\nNOOP\r\n",
                    "250 | 250 2.1.0 | 550 5.7.1 | 554 5.5.1 | 250 2.0.0 | 221 2.0.0"
                )
            )
            {
                Closes = true,
            },
        ];
}
