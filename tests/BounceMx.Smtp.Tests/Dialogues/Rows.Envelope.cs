namespace BounceMx.Smtp.Tests.Dialogues;

// MAIL and RCPT: paths, parameters, recipients.
internal static partial class Rows
{
    private static string LongDomain => string.Join('.', Enumerable.Repeat(Of('d', 49), 4)) + ".test";

    private static IEnumerable<Dialogue> Senders =>
        [
            .. Each(
                [
                    ("MAIL FROM:<>", "", "RFC 5321 4.5.5"),
                    ("MAIL FROM: <>", "", "RFC 5321 4.1.1.2, loosened"),
                    ("mail from:<>", "", "RFC 5321 2.4"),
                    ("MAIL  FROM:<> ", "", "RFC 5321 4.1.1, loosened"),
                    ("MAIL FROM:<u@d.test>", "u@d.test", "RFC 5321 4.1.1.2"),
                    ("MAIL FROM:<@a,@b:u@d>", "u@d", "RFC 5321 F.2"),
                    ("MAIL FROM:<@[IPv6:::1],@b:u@d>", "u@d", "RFC 5321 F.2"),
                    ("MAIL FROM:<u@[192.0.2.1]>", "u@[192.0.2.1]", "RFC 5321 4.1.3"),
                    ("MAIL FROM:<\"a>b\"@d>", "\"a>b\"@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<\"a\\\"b\"@d>", "\"a\\\"b\"@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<\"a b\"@d>", "\"a b\"@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<\"a.b\"@d>", "a.b@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<\"a\\q\"@d>", "aq@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<\"\"@d>", "\"\"@d", "RFC 5321 4.1.2"),
                    ("MAIL FROM:<a..b.@d>", "\"a..b.\"@d", "RFC 5321 4.1.2, loosened"),
                    ($"MAIL FROM:<{Of('x', 128)}@d>", Of('x', 128) + "@d", "RFC 5321 4.5.3.1.1, loosened"),
                    ($"MAIL FROM:<\"{Of('x', 128)}\"@d>", Of('x', 128) + "@d", "RFC 5321 4.5.3.1.1, loosened"),
                    ($"MAIL FROM:<{Of('x', 49)}@{LongDomain}>", $"{Of('x', 49)}@{LongDomain}", "RFC 5321 4.5.3.1.3"),
                ],
                @case => new Dialogue(
                    $"MAIL: {Short(@case.Item1)} is accepted as {(@case.Item2.Length == 0 ? "<>" : Short(@case.Item2))}",
                    @case.Item3,
                    Ehlo,
                    (@case.Item1, "250 2.1.0")
                )
                {
                    Check = handler => handler.Transactions.ShouldHaveSingleItem().ReversePath.ToString().ShouldBe(@case.Item2),
                }
            ),
            .. Each(
                [
                    ("MAIL", "501 5.5.4"),
                    ("MAIL FROM", "501 5.5.4"),
                    ("MAIL TO:<>", "501 5.5.4"),
                    ("MAIL FROM:<>SIZE=1", "501 5.5.4"),
                    ("MAIL FROM:", "501 5.1.7"),
                    ("MAIL FROM:u@d", "501 5.1.7"),
                    ("MAIL FROM:<u>", "501 5.1.7"),
                    ("MAIL FROM:<postmaster>", "501 5.1.7"),
                    ("MAIL FROM:<u@>", "501 5.1.7"),
                    ("MAIL FROM:<@d>", "501 5.1.7"),
                    ("MAIL FROM:<@a:>", "501 5.1.7"),
                    ("MAIL FROM:<@a,b:u@d>", "501 5.1.7"),
                    ("MAIL FROM:<u@d", "501 5.1.7"),
                    ("MAIL FROM:<u@.d>", "501 5.1.7"),
                    ("MAIL FROM:<u@d.>", "501 5.1.7"),
                    ("MAIL FROM:<u@d..e>", "501 5.1.7"),
                    ("MAIL FROM:<u@d@e>", "501 5.1.7"),
                    ("MAIL FROM:<u@[]>", "501 5.1.7"),
                    ("MAIL FROM:<u@[1>", "501 5.1.7"),
                    ("MAIL FROM:<u v@d>", "501 5.1.7"),
                    ("MAIL FROM:<\"u@d>", "501 5.1.7"),
                    ("MAIL FROM:<\"u\\", "501 5.1.7"),
                    ("MAIL FROM:<\"u\tv\"@d>", "501 5.1.7"),
                    ("MAIL FROM:<\"u\"v@d>", "501 5.1.7"),
                    ("MAIL FROM:<<>>", "501 5.1.7"),
                    ($"MAIL FROM:<{Of('x', 129)}@d>", "501 5.1.7"), // RFC 5321 section 4.5.3.1.1, loosened
                    ($"MAIL FROM:<\"{Of('x', 129)}\"@d>", "501 5.1.7"),
                    ($"MAIL FROM:<u@{Of('d', 256)}>", "501 5.1.7"), // section 4.5.3.1.2
                    ($"MAIL FROM:<{Of('x', 50)}@{LongDomain}>", "501 5.1.7"), // section 4.5.3.1.3
                    ("MAIL FROM:<\xc3\xa9@d>", "553 5.6.7"), // RFC 6531 section 3.5
                    ("MAIL FROM:<\xe9@d> SMTPUTF8", "500 5.5.2"),
                ],
                @case => new Dialogue(
                    $"MAIL: {Short(@case.Item1)} gets {@case.Item2} and begins no transaction",
                    "RFC 5321 4.1.1.2, 4.1.2",
                    [Ehlo, (@case.Item1, @case.Item2), .. NothingIsLeft]
                )
            ),
            new(
                "MAIL: an address in UTF-8 is accepted with SMTPUTF8",
                "RFC 6531 3.3",
                Ehlo,
                ("MAIL FROM:<\xc3\xa9@d> SMTPUTF8", "250 2.1.0"),
                ("RCPT TO:<\xc3\xa9@bounces.test>", "250 2.1.5")
            )
            {
                Check = handler => handler.Recipients.ShouldHaveSingleItem().Mailbox.LocalPart.ShouldBe("\u00e9"),
            },
        ];

    private static IEnumerable<Dialogue> Parameters =>
        [
            .. Each(
                [
                    ("SIZE=0", "250 2.1.0", "RFC 1870 4"),
                    ("SIZE=10485760", "250 2.1.0", "RFC 1870 6.1"),
                    ("SIZE=10485761", "552 5.3.4", "RFC 1870 6.1"),
                    ("SIZE=00000000000000000000005", "250 2.1.0", "RFC 1870 4"),
                    ("SIZE=99999999999999999999999", "552 5.3.4", "RFC 1870 6.1"),
                    ("SIZE=9223372036854775808", "552 5.3.4", "RFC 1870 6.1"),
                    ("SIZE=18446744073709551617", "552 5.3.4", "RFC 1870 6.1"),
                    ("SIZE=-1", "501 5.5.4", "RFC 1870 4"),
                    ("SIZE=", "501 5.5.4", "RFC 1870 4"),
                    ("SIZE", "501 5.5.4", "RFC 1870 4"),
                    ("SIZE=1x", "501 5.5.4", "RFC 1870 4"),
                    ("BODY=8BITMIME", "250 2.1.0", "RFC 6152 3"),
                    ("body=7bit", "250 2.1.0", "RFC 6152 3"),
                    ("BODY=BINARYMIME", "555 5.5.4", "RFC 3030 3"),
                    ("BODY=9BIT", "555 5.5.4", "RFC 6152 3"),
                    ("BODY", "501 5.5.4", "RFC 6152 3"),
                    ("SMTPUTF8", "250 2.1.0", "RFC 6531 3.4"),
                    ("SMTPUTF8=", "501 5.5.4", "RFC 6531 3.4"),
                    ("SMTPUTF8=1", "501 5.5.4", "RFC 6531 3.4"),
                    ("SIZE=1  BODY=8BITMIME SMTPUTF8", "250 2.1.0", "RFC 5321 4.1.1.11"),
                    ("AUTH=<>", "555 5.5.4", "RFC 4954 5"),
                    ("XYZZY", "555 5.5.4", "RFC 5321 4.1.1.11"),
                    ("=", "555 5.5.4", "RFC 5321 4.1.1.11"),
                ],
                @case => new Dialogue(
                    $"parameters: MAIL with {@case.Item1} gets {@case.Item2}",
                    @case.Item3,
                    Ehlo,
                    ($"MAIL FROM:<> {@case.Item1}", @case.Item2)
                )
            ),
            new(
                "parameters: what MAIL says reaches the mail handler",
                "RFC 5321 4.1.1.11",
                Ehlo,
                ("MAIL FROM:<u@d.test> SIZE=17 BODY=8BITMIME SMTPUTF8", "250 2.1.0")
            )
            {
                Check = handler =>
                {
                    MailTransaction transaction = handler.Transactions.ShouldHaveSingleItem();
                    transaction.ReversePath.ToString().ShouldBe("u@d.test");
                    transaction.Helo.ShouldBe("client.test");
                    transaction.Extended.ShouldBeTrue();
                    transaction.DeclaredSize.ShouldBe(17);
                    transaction.Body.ShouldBe(BodyType.EightBitMime);
                    transaction.SmtpUtf8.ShouldBeTrue();
                },
            },
            new(
                "MAIL: one that the mail handler refuses begins no transaction",
                "RFC 5321 3.3",
                [Ehlo, ("MAIL FROM:<>", "452 4.3.1"), .. NothingIsLeft]
            )
            {
                Arrange = handler => handler.OnMail = _ => SmtpReplies.SystemFull,
            },
        ];

    private static IEnumerable<Dialogue> Recipients =>
        [
            .. Each(
                [
                    ("RCPT TO:<a@bounces.test>", "a@bounces.test", "RFC 5321 4.1.1.3"),
                    ("rcpt to: <a@BOUNCES.test>", "a@BOUNCES.test", "RFC 5321 2.4"),
                    ("RCPT TO:<\"bounces+x=y\"@bounces.test>", "bounces+x=y@bounces.test", "RFC 5321 4.1.2"),
                    ("RCPT TO:<\"a>b\"@bounces.test>", "\"a>b\"@bounces.test", "RFC 5321 4.1.2"),
                    ("RCPT TO:<\"a\\\"b\"@bounces.test>", "\"a\\\"b\"@bounces.test", "RFC 5321 4.1.2"),
                    ("RCPT TO:<\"a b\"@bounces.test>", "\"a b\"@bounces.test", "RFC 5321 4.1.2"),
                    ("RCPT TO:<@relay.test:a@bounces.test>", "a@bounces.test", "RFC 5321 F.2"),
                    ("RCPT TO:<Postmaster>", "Postmaster", "RFC 5321 4.5.1"),
                    ("RCPT TO:<pOSTMASTER>", "pOSTMASTER", "RFC 5321 4.5.1"),
                    ("RCPT TO:<\"postmaster\">", "postmaster", "RFC 5321 4.5.1"),
                    ("RCPT TO:<postmaster@bounces.test>", "postmaster@bounces.test", "RFC 5321 4.5.1"),
                    ("RCPT TO:<abuse@bounces.test>", "abuse@bounces.test", "RFC 2142 2"),
                    ($"RCPT TO:<{Of('x', 128)}@bounces.test>", Of('x', 128) + "@bounces.test", "RFC 5321 4.5.3.1.1, loosened"),
                ],
                @case => new Dialogue(
                    $"RCPT: {Short(@case.Item1)} is accepted as {Short(@case.Item2)}, and its mail is stored",
                    @case.Item3,
                    Ehlo,
                    Mail,
                    (@case.Item1, "250 2.1.5"),
                    Data,
                    Empty()
                )
                {
                    Stores = [""],
                    Check = handler => handler.Recipients.ShouldHaveSingleItem().ToString().ShouldBe(@case.Item2),
                }
            ),
            .. Each(
                [
                    ("RCPT TO:<>", "501 5.1.3", "RFC 5321 4.1.1.3"),
                    ("RCPT TO:<abuse>", "501 5.1.3", "RFC 5321 4.1.1.3"),
                    ("RCPT TO:a@bounces.test", "501 5.1.3", "RFC 5321 4.1.1.3"),
                    ($"RCPT TO:<{Of('x', 129)}@bounces.test>", "501 5.1.3", "RFC 5321 4.5.3.1.1, loosened"),
                    ($"RCPT TO:<a@{Of('d', 256)}>", "501 5.1.3", "RFC 5321 4.5.3.1.2"),
                    ($"RCPT TO:<{Of('x', 50)}@{LongDomain}>", "501 5.1.3", "RFC 5321 4.5.3.1.3"),
                    ("RCPT", "501 5.5.4", "RFC 5321 4.1.1.3"),
                    ("RCPT FROM:<a@bounces.test>", "501 5.5.4", "RFC 5321 4.1.1.3"),
                    ("RCPT TO:<a@bounces.test>x", "501 5.5.4", "RFC 5321 4.1.1.3"),
                    ("RCPT TO:<a@bounces.test> SIZE=1", "555 5.5.4", "RFC 5321 4.1.1.11"),
                    ("RCPT TO:<a@elsewhere.test>", "550 5.7.1", "RFC 5321 3.6.2"),
                    ("RCPT TO:<a%bounces.test@[192.0.2.9]>", "550 5.7.1", "RFC 5321 3.6.2"),
                    ("RCPT TO:<@bounces.test:a@elsewhere.test>", "550 5.7.1", "RFC 5321 3.6.2"),
                    ("RCPT TO:<\xc3\xa9@bounces.test>", "553 5.6.7", "RFC 6531 3.5"),
                    ("RCPT TO:<\xe9@bounces.test>", "500 5.5.2", "RFC 6531 3.3"),
                ],
                @case => new Dialogue(
                    $"RCPT: {Short(@case.Item1)} gets {@case.Item2}, and DATA behind it 554 5.5.1, never 354",
                    $"{@case.Item3}, 3.3",
                    Ehlo,
                    Mail,
                    (@case.Item1, @case.Item2),
                    ("DATA", "554 5.5.1")
                )
            ),
            .. Each(
                [SmtpReplies.NoSuchRecipient, SmtpReplies.BadSignature, SmtpReplies.LocalError, SmtpReplies.SystemFull],
                refusal => new Dialogue(
                    $"RCPT: what the mail handler refuses with {refusal.Code} {refusal.Status} is not delivered to",
                    "RFC 5321 3.3",
                    Ehlo,
                    Mail,
                    ("RCPT TO:<unknown@bounces.test>", $"{refusal.Code} {refusal.Status}"),
                    ("DATA", "554 5.5.1")
                )
                {
                    Arrange = handler => handler.OnRcpt = _ => refusal,
                }
            ),
            new(
                "RCPT: DATA straight behind MAIL gets 554 5.5.1, never 354",
                "RFC 5321 3.3",
                Ehlo,
                Mail,
                ("DATA", "554 5.5.1"),
                Rcpt,
                Data,
                Empty()
            )
            {
                Stores = [""],
            },
            new(
                "recipients: a hundred are accepted, and the one beyond the limit gets 452 4.5.3",
                "RFC 5321 4.5.3.1.8, 4.5.3.1.10",
                [
                    Ehlo,
                    Mail,
                    .. Enumerable.Range(0, 100).Select(i => (Step)($"RCPT TO:<r{i}@bounces.test>", "250 2.1.5")),
                    ("RCPT TO:<r100@bounces.test>", "452 4.5.3"),
                    Data,
                    Empty(),
                ]
            )
            {
                Options = TestServer.Options with { MaxRecipients = 100 },
                Stores = [""],
                Check = handler => handler.Recipients.Count.ShouldBe(100),
            },
            new("faults: one of ours at MAIL is 451 4.3.0", "RFC 5321 4.2.2", [Ehlo, ("MAIL FROM:<>", "451 4.3.0"), .. NothingIsLeft])
            {
                Arrange = handler => handler.OnMail = _ => throw new InvalidOperationException("broken"),
            },
            new(
                "faults: one of ours at RCPT is 451 4.3.0",
                "RFC 5321 4.2.2",
                Ehlo,
                Mail,
                ($"RCPT TO:<{Recipient}>", "451 4.3.0"),
                ("DATA", "554 5.5.1")
            )
            {
                Arrange = handler => handler.OnRcpt = _ => throw new InvalidOperationException("broken"),
            },
            new(
                "faults: one of ours at the end of data is 451 4.3.0",
                "RFC 5321 4.2.2",
                [Ehlo, Mail, Rcpt, Data, Empty("451 4.3.0"), .. NothingIsLeft]
            )
            {
                Arrange = handler => handler.OnData = () => throw new InvalidOperationException("broken"),
            },
        ];
}
