using System.Globalization;

namespace BounceMx.Smtp.Tests.Dialogues;

// From the connection to MAIL, and the commands that belong to no transaction.
internal static partial class Rows
{
    private static IEnumerable<Dialogue> Greetings =>
        [
            new("connect: the server speaks first, and gives its name", "RFC 5321 4.3.1"),
            new("connect: input before the greeting gets 554 5.5.0 and the connection is closed", "RFC 5321 4.3.1")
            {
                Early = "EHLO early.test\r\n",
                Greeting = "554 5.5.0",
                Closes = true,
                Places = Places.Memory,
            },
            new("connect: a configured delay finds out who speaks before the greeting", "RFC 5321 4.3.1")
            {
                Options = TestServer.Options with { GreetingDelay = TimeSpan.FromSeconds(1) },
                Early = "EHLO early.test\r\n",
                Greeting = "554 5.5.0",
                Closes = true,
                Places = Places.Socket,
            },
            .. Each(
                ["x", "client.test", "[127.0.0.1]", "[IPv6:::1]", "WIN-1 of_Bob", Of('x', 255)],
                name => new Dialogue($"EHLO: a client may call itself {Short(name)}", "RFC 5321 4.1.1.1", ($"EHLO {name}", "250"))
            ),
            .. Each(
                ["", " ", " \t", " \xe9", " " + Of('x', 256)],
                argument => new Dialogue(
                    $"EHLO: wants a name, and \"{Short(argument)}\" is none",
                    "RFC 5321 4.1.1.1, RFC 2034 4",
                    ($"EHLO{argument}", "501"),
                    ($"HELO{argument}", "501")
                )
            ),
            new(
                "EHLO: lists the extensions, and in LIMITS what is enforced",
                "RFC 5321 4.1.1.1, RFC 9422 3",
                ("ehlo client.test", $"250 {WithoutTls}")
            )
            {
                Places = Places.Memory | Places.Cut,
            },
            new("EHLO: a second one forgets the transaction", "RFC 5321 4.1.4", [Ehlo, Mail, Rcpt, Ehlo, .. NothingIsLeft])
            {
                Check = handler => handler.Resets.ShouldBe(1),
            },
            new("EHLO: HELO forgets the transaction, too", "RFC 5321 4.1.4", [Ehlo, Mail, Rcpt, ("HELO a", "250"), .. NothingIsLeft]),
            new("EHLO: a refused one leaves the transaction alone", "RFC 5321 4.1.4", Ehlo, Mail, ("EHLO", "501"), Rcpt, Data, Empty())
            {
                Stores = [""],
            },
            new("HELO: is answered with one line", "RFC 5321 4.1.1.1", ("HELO client.test", "250 mx.bounces.test")),
            new("HELO: there are no extensions behind it", "RFC 5321 2.2.1", ("HELO a", "250"), ("MAIL FROM:<> SIZE=1", "555 5.5.4"), Mail),
            new("HELO: mail can be delivered behind it", "RFC 5321 4.1.1.1", ("HELO a", "250"), Mail, Rcpt, Data, Empty())
            {
                Stores = [""],
                Check = handler => handler.Transactions[0].Extended.ShouldBeFalse(),
            },
            new("sequence: MAIL, RCPT and DATA want EHLO first", "RFC 5321 4.1.4", [("MAIL FROM:<>", "503 5.5.1"), .. NothingIsLeft]),
            new("sequence: RCPT and DATA want MAIL first", "RFC 5321 4.1.4", [Ehlo, .. NothingIsLeft]),
            new("sequence: a transaction has one MAIL", "RFC 5321 4.1.4", Ehlo, Mail, ("MAIL FROM:<>", "503 5.5.1"), Rcpt, Data, Empty())
            {
                Stores = [""],
            },
        ];

    private static IEnumerable<Dialogue> Commands =>
        [
            .. Each(
                [
                    ("NOOP", "250 2.0.0", "RFC 5321 4.1.1.9"),
                    ("NOOP x", "250 2.0.0", "RFC 5321 4.1.1.9"),
                    ("noop", "250 2.0.0", "RFC 5321 2.4"),
                    ("RSET x", "501 5.5.4", "RFC 5321 4.1.1.5"),
                    ("HELP", "214 2.0.0", "RFC 5321 4.1.1.8"),
                    ("HELP MAIL", "214 2.0.0", "RFC 5321 4.1.1.8"),
                    ("VRFY bob", "252 2.5.2", "RFC 5321 3.5.3"),
                    ("VRFY postmaster", "252 2.5.2", "RFC 5321 3.5.3"),
                    ("VRFY", "501 5.5.4", "RFC 5321 4.1.1.6"),
                    ("EXPN staff", "502 5.5.1", "RFC 5321 4.1.1.7"),
                    ("ETRN d.test", "502 5.5.1", "RFC 1985 5"),
                    ("AUTH PLAIN AGEAYg==", "502 5.5.1", "RFC 4954 4"),
                    ("DATA x", "501 5.5.4", "RFC 5321 4.1.1.4"),
                    ("QUIT x", "501 5.5.4", "RFC 5321 4.1.1.10"),
                    ("XYZZY", "500 5.5.1", "RFC 5321 4.2.4"),
                    ("", "500 5.5.1", "RFC 5321 4.2.4"),
                    (" NOOP", "500 5.5.1", "RFC 5321 4.1.1"),
                    ("NOOPS", "500 5.5.1", "RFC 5321 4.2.4"),
                    ("\x16\x03\x01", "500 5.5.1", "RFC 5321 4.2.4"),
                    ("get / HTTP/1.1x", "500 5.5.1", "RFC 5321 4.2.4"),
                ],
                @case => new Dialogue(
                    $"commands: \"{Short(@case.Item1)}\" gets {@case.Item2} in any state, and changes none",
                    @case.Item3,
                    (@case.Item1, @case.Item2),
                    Ehlo,
                    (@case.Item1, @case.Item2),
                    Mail,
                    (@case.Item1, @case.Item2),
                    Rcpt,
                    (@case.Item1, @case.Item2),
                    Data,
                    Empty()
                )
                {
                    Stores = [""],
                }
            ),
            new("commands: RSET ends the transaction", "RFC 5321 4.1.1.5", [Ehlo, Mail, Rcpt, ("RSET", "250 2.0.0"), .. NothingIsLeft]),
            new("commands: RSET needs no transaction, nor EHLO", "RFC 5321 4.1.1.5", ("RSET", "250 2.0.0"), ("RSET ", "250 2.0.0")),
            new("commands: QUIT closes the connection", "RFC 5321 4.1.1.10", Ehlo, Mail, ("quit ", "221 2.0.0")) { Closes = true },
            .. Each(
                ["GET / HTTP/1.1", "POST", "POST / HTTP/1.0", "Host: bounces.test", "PRI * HTTP/2.0", "CONNECT a:25 HTTP/1.1"],
                line => new Dialogue(
                    $"HTTP: \"{line}\" gets one error and the connection is closed",
                    "RFC 9110 17.9",
                    Step.Octets($"{line}\r\n{Step.Joiner}Content-Length: 9\r\n\r\nMAIL FROM:<>\r\n", "554 5.5.1")
                )
                {
                    Closes = true,
                }
            ),
        ];

    private static IEnumerable<Dialogue> Proxies =>
        [
            new(
                "PROXY: from anyone it was not agreed with, it is an unknown command",
                "PROXY protocol 2.1",
                ("PROXY TCP4 192.0.2.7 192.0.2.8 1 25", "500 5.5.1"),
                ("PROXY UNKNOWN", "500 5.5.1")
            ),
            new("PROXY: before the greeting it is input before the greeting", "RFC 5321 4.3.1")
            {
                Early = "PROXY TCP4 192.0.2.7 192.0.2.8 1 25\r\n",
                Greeting = "554 5.5.0",
                Closes = true,
                Places = Places.Memory,
            },
        ];

    private static Step Empty(string reply = "250 2.0.0") => Step.Octets(".\r\n", reply);

    // For names of tests: nothing that a terminal would act upon, and nothing long.
    private static string Short(string text)
    {
        string printable = string.Concat(
            text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"))
        );
        return printable.Length <= 60
            ? printable
            : string.Create(CultureInfo.InvariantCulture, $"{printable[..20]}… ({text.Length} octets)");
    }
}
