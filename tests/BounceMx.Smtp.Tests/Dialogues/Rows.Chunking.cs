namespace BounceMx.Smtp.Tests.Dialogues;

// CHUNKING and BINARYMIME.
internal static partial class Rows
{
    private static SmtpServerOptions Chunked => TestServer.Options with { Chunking = true, BinaryMime = true };

    private static IEnumerable<Dialogue> Chunking =>
        [
            .. Each(
                ["BDAT 5", "BDAT", "BDAT 5 LAST"],
                command => new Dialogue(
                    $"CHUNKING: when it is not offered, {command} gets 502 5.5.1 and the connection is closed",
                    "RFC 3030 2",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Step.Octets($"{command}\r\nNOOP\r\n", "502 5.5.1")
                )
                {
                    Closes = true,
                }
            ),
            new(
                "CHUNKING: it is not offered after HELO, and BDAT gets 502 5.5.1 and the connection is closed",
                "RFC 5321 2.2.1, RFC 3030 2",
                ("HELO client.test", "250"),
                Mail,
                Rcpt,
                Step.Octets("BDAT 5 LAST\r\nNOOP\r\n", "502 5.5.1")
            )
            {
                Options = Chunked,
                Closes = true,
            },
            .. OfferedChunking.Select(row => row with { Options = Chunked }),
            new(
                "CHUNKING: a message over the limit gets 552 5.3.4 at the chunk that is too much, and what follows is swallowed",
                "RFC 3030 2, RFC 1870 6.3",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets(
                    $"BDAT 1000\r\n{Of('x', 1000)}BDAT 25\r\n{Of('x', 25)}BDAT 6 LAST\r\nQUIT\r\n",
                    "250 2.0.0 | 552 5.3.4 | 503 5.5.1"
                ),
                Mail
            )
            {
                Options = Chunked with { MaxMessageSize = 1024 },
            },
        ];

    private static IEnumerable<Dialogue> OfferedChunking =>
        [
            new(
                "CHUNKING: chunks may follow each other without waiting",
                "RFC 3030 2, 4.2",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets("BDAT 5\r\nabcdeBDAT 5 LAST\r\nfghijQUIT\r\n", "250 2.0.0 | 250 2.0.0 | 221 2.0.0")
            )
            {
                Closes = true,
                Stores = ["abcdefghij"],
            },
            new(
                "CHUNKING: a whole transaction may be one group",
                "RFC 3030 4.2",
                Step.Octets(
                    $"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nBDAT 2 LAST\r\n\r\nMAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nBDAT 1 last\r\nx",
                    "250 | 250 2.1.0 | 250 2.1.5 | 250 2.0.0 | 250 2.1.0 | 250 2.1.5 | 250 2.0.0"
                )
            )
            {
                Stores = ["\r\n", "x"],
            },
            new(
                "CHUNKING: without a valid RCPT the octets are swallowed exactly, then 554 5.5.1",
                "RFC 3030 2",
                Ehlo,
                Mail,
                Step.Octets("BDAT 14 LAST\r\nQUIT\r\nNOOP x\r\nNOOP\r\nBDAT 0 LAST\r\n", "554 5.5.1 | 250 2.0.0 | 554 5.5.1"),
                Rcpt,
                Step.Octets("BDAT 1 LAST\r\nx", "250 2.0.0")
            )
            {
                Stores = ["x"],
            },
            new(
                "CHUNKING: without MAIL the octets are swallowed exactly, then 503 5.5.1",
                "RFC 3030 2",
                Step.Octets("BDAT 6\r\nQUIT\r\nEHLO a\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "503 5.5.1 | 250 | 503 5.5.1 | 250 2.0.0")
            ),
            .. Each(
                ["-1", "0x10", "99999999999999999999", "", "1.5", "5 LASTING", "5 LAST x", "+5", "5LAST", "LAST"],
                argument => new Dialogue(
                    $"CHUNKING: BDAT {argument} gets 501 5.5.4 and the connection is closed",
                    "RFC 3030 2",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Step.Octets($"BDAT {argument}\r\nNOOP\r\n", "501 5.5.4")
                )
                {
                    Closes = true,
                }
            ),
            new("CHUNKING: BDAT 0 LAST is an empty message", "RFC 3030 2", Ehlo, Mail, Rcpt, ("BDAT 0 LAST", "250 2.0.0"))
            {
                Stores = [""],
            },
            new(
                "CHUNKING: BDAT 0 LAST ends a message",
                "RFC 3030 2",
                [
                    Ehlo,
                    Mail,
                    Rcpt,
                    Step.Octets("BDAT 1\r\nx", "250 2.0.0"),
                    ("BDAT 0", "250 2.0.0"),
                    ("BDAT 0 LAST", "250 2.0.0"),
                    .. NothingIsLeft,
                ]
            )
            {
                Stores = ["x"],
            },
            new(
                "CHUNKING: no dot is removed, and none ends a message",
                "RFC 3030 2",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets("BDAT 15\r\n..x\r\n.\r\n.\r\n..\r\nBDAT 3 LAST\r\n.\r\n", "250 2.0.0 | 250 2.0.0")
            )
            {
                Stores = ["..x\r\n.\r\n.\r\n..\r\n.\r\n"],
            },
            new(
                "CHUNKING: amid chunks, MAIL, RCPT and DATA get 503 5.5.1, and NOOP disturbs nothing",
                "RFC 3030 2",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets("BDAT 2\r\nab", "250 2.0.0"),
                ("MAIL FROM:<>", "503 5.5.1"),
                ($"RCPT TO:<{Recipient}>", "503 5.5.1"),
                ("DATA", "503 5.5.1"),
                ("NOOP", "250 2.0.0"),
                Step.Octets("BDAT 2 LAST\r\ncd", "250 2.0.0")
            )
            {
                Stores = ["abcd"],
            },
            .. Each(
                [("RSET", "250 2.0.0"), ("EHLO b", "250")],
                @case => new Dialogue(
                    $"CHUNKING: amid chunks, {@case.Item1} begins anew",
                    "RFC 3030 2",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Step.Octets("BDAT 2\r\nab", "250 2.0.0"),
                    (@case.Item1, @case.Item2),
                    Mail,
                    Rcpt,
                    Step.Octets("BDAT 2 LAST\r\ncd", "250 2.0.0")
                )
                {
                    Stores = ["cd"],
                }
            ),
            new(
                "CHUNKING: RSET amid chunks lets DATA begin anew, too",
                "RFC 3030 2",
                Ehlo,
                Mail,
                Rcpt,
                Step.Octets("BDAT 2\r\nabRSET\r\n", "250 2.0.0 | 250 2.0.0"),
                Mail,
                Rcpt,
                Data,
                Step.Octets("x\r\n.\r\n", "250 2.0.0")
            )
            {
                Stores = ["x\r\n"],
            },
            new(
                "BINARYMIME: octets come as they are, and a bare CR or LF is marked",
                "RFC 3030 3",
                Ehlo,
                ("MAIL FROM:<> BODY=BINARYMIME", "250 2.1.0"),
                Rcpt,
                Step.Octets("BDAT 5 LAST\r\n\n\0\xff\r.", "250 2.0.0")
            )
            {
                Stores = ["\n\0\xff\r."],
            },
            new(
                "BINARYMIME: DATA gets 503 5.5.1",
                "RFC 3030 3",
                Ehlo,
                ("MAIL FROM:<> BODY=BINARYMIME", "250 2.1.0"),
                Rcpt,
                ("DATA", "503 5.5.1"),
                Step.Octets("BDAT 1 LAST\r\nx", "250 2.0.0")
            )
            {
                Stores = ["x"],
            },
            new(
                "EHLO: lists CHUNKING and BINARYMIME where they are offered",
                "RFC 3030 2",
                (
                    "EHLO a",
                    "250 mx.bounces.test\nPIPELINING\nSIZE 10485760\n8BITMIME\nENHANCEDSTATUSCODES\nDSN\nSMTPUTF8\nCHUNKING\nBINARYMIME\nLIMITS MAILMAX=1000 RCPTMAX=1000"
                )
            )
            {
                Places = Places.Memory,
            },
        ];
}
