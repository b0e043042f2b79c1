namespace BounceMx.Smtp.Tests.Dialogues;

// From DATA, or BDAT, to the reply that ends a transaction.
internal static partial class Rows
{
    private const string SmuggledEnvelope = $"MAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nDATA\r\n";
    private const string SmuggledText = "Subject: inner\r\n\r\nsecond\r\n.\r\n";

    /// <summary>What some server somewhere takes for the end of a message, and is none.</summary>
    internal static IReadOnlyList<string> FalseEnds =>
        [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r",
            "\r.\n",
            "\n.\r",
            "\r.\r\n",
            "\r\n.\r",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\r\n. \r\n",
            "\r\n..\r\n",
            "\n\n.\r\n",
            "\r\n.\n\r\n",
            "\r\n\x0b.\r\n",
            "\r\n.\x0c\r\n",
            "\xc2\x85.\xc2\x85",
            "\xe2\x80\xa8.\xe2\x80\xa8",
            "\r\n.\x8d\x8a",
            "\r\n..\n",
        ];

    private static IEnumerable<Dialogue> EndsOfData =>
        [
            .. Each(
                FalseEnds,
                sequence => new Dialogue(
                    $"end of data: {Short(sequence)} is content, and no message can be smuggled in behind it",
                    "RFC 5321 4.1.1.4, 4.5.2",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Data,
                    Step.Octets($"first{sequence}{SmuggledEnvelope}{SmuggledText}", "250 2.0.0")
                )
                {
                    Stores = [Model(sequence).Text],
                    Check = handler => handler.Messages[0].Transaction.HasBareLineEnds.ShouldBe(Model(sequence).HasBareLineEnds),
                }
            ),
            .. Each(
                FalseEnds.Where(sequence => Model(sequence).HasBareLineEnds),
                sequence => new Dialogue(
                    $"end of data: a message with {Short(sequence)} is refused at its true end where the configuration says so",
                    "RFC 5321 2.3.8",
                    [Ehlo, Mail, Rcpt, Data, Step.Octets($"first{sequence}{SmuggledEnvelope}{SmuggledText}", "550 5.5.2"), .. NothingIsLeft]
                )
                {
                    Options = TestServer.Options with { RefuseBareLineEnds = true },
                }
            ),
            .. Each(
                ["\r\n.\r\n", "\r\r\n.\r\n"],
                sequence => new Dialogue(
                    $"end of data: {Short(sequence)} ends a message, and commands follow",
                    "RFC 5321 4.1.1.4",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Data,
                    Step.Octets($"first{sequence}{SmuggledEnvelope}", "250 2.0.0 | 250 2.1.0 | 250 2.1.5 | 354"),
                    Step.Octets(SmuggledText, "250 2.0.0")
                )
                {
                    Stores = [$"first{sequence[..^3]}", "Subject: inner\r\n\r\nsecond\r\n"],
                }
            ),
            .. Each(
                [
                    (".\r\n", ""),
                    ("\r\n.\r\n", "\r\n"),
                    ("..\r\n.\r\n", ".\r\n"),
                    (".a\r\n.\r\n", "a\r\n"),
                    ("...a.\r\n.\r\n", "..a.\r\n"),
                    ("a.\r\nb..c\r\n.\r\n", "a.\r\nb..c\r\n"),
                    (".\r.\r\n.\r\n", "\r.\r\n"),
                    ("\r\n.\r\r\n.\r\n", "\r\n\r\r\n"),
                    ("\xe9\0..\r\n..\r\n.\r\n", "\xe9\0..\r\n.\r\n"),
                ],
                @case => new Dialogue(
                    $"end of data: {Short(@case.Item1)} is the message {Short(@case.Item2)}",
                    "RFC 5321 4.5.2",
                    Ehlo,
                    Mail,
                    Rcpt,
                    Data,
                    Step.Octets(@case.Item1, "250 2.0.0")
                )
                {
                    Stores = [@case.Item2],
                }
            ),
        ];

    private static IEnumerable<Dialogue> Messages =>
        [
            new(
                "messages: one is stored as it was sent",
                "RFC 5321 4.1.1.4",
                Ehlo,
                Mail,
                Rcpt,
                Step.Deliver("Subject: x\r\n\r\n.\r\n..\r\n\xe9\0\r\n")
            )
            {
                Stores = ["Subject: x\r\n\r\n.\r\n..\r\n\xe9\0\r\n"],
            },
            new("messages: one may be empty", "RFC 5321 4.1.1.4", Ehlo, Mail, Rcpt, Step.Deliver("")) { Stores = [""] },
            new(
                "messages: a line may be of any length",
                "RFC 5321 4.5.3.1.6, loosened",
                Ehlo,
                Mail,
                Rcpt,
                Step.Deliver(Of('x', 100_000) + "\r\n")
            )
            {
                Stores = [Of('x', 100_000) + "\r\n"],
            },
            new("messages: one of exactly the limit is accepted", "RFC 1870 6.3", Ehlo, Mail, Rcpt, Step.Deliver(Of('.', 1022) + "\r\n"))
            {
                Options = TestServer.Options with { MaxMessageSize = 1024 },
                Stores = [Of('.', 1022) + "\r\n"],
            },
            new(
                "messages: one over the limit is read to its end and gets 552 5.3.4",
                "RFC 1870 6.3",
                [Ehlo, Mail, Rcpt, Data, Step.Octets(Of('x', 1023) + "\r\n.\r\n", "552 5.3.4"), .. NothingIsLeft]
            )
            {
                Options = TestServer.Options with { MaxMessageSize = 1024 },
            },
        ];

    // Every reply that ends a transaction clears sender, recipients and body state.
    private static IEnumerable<Dialogue> Transactions =>
        [
            new(
                "invariant: nothing is left of a transaction behind its 250",
                "RFC 5321 4.1.1.4",
                [Ehlo, Mail, Rcpt, Step.Deliver("a\r\n"), .. NothingIsLeft]
            )
            {
                Stores = ["a\r\n"],
                Check = handler => handler.Resets.ShouldBe(1),
            },
            .. Each(
                [SmtpReplies.SystemFull, SmtpReplies.LocalError, SmtpReplies.MessageTooLarge],
                refusal => new Dialogue(
                    $"invariant: nothing is left of a transaction behind {refusal.Code} {refusal.Status} to its message",
                    "RFC 5321 4.1.1.4",
                    [Ehlo, Mail, Rcpt, Step.Deliver("a\r\n", $"{refusal.Code} {refusal.Status}"), .. NothingIsLeft]
                )
                {
                    Arrange = handler => handler.OnData = () => ValueTask.FromResult(refusal),
                    Check = handler => handler.Resets.ShouldBe(1),
                }
            ),
            new(
                "invariant: the recipients of one transaction are not those of the next",
                "RFC 5321 4.1.1.4",
                Ehlo,
                Mail,
                Rcpt,
                Step.Deliver("a\r\n"),
                ("MAIL FROM:<u@d.test> BODY=8BITMIME", "250 2.1.0"),
                ("DATA", "554 5.5.1"),
                ("RSET", "250 2.0.0"),
                Mail,
                Rcpt,
                Step.Deliver("b\r\n")
            )
            {
                Stores = ["a\r\n", "b\r\n"],
                Check = handler =>
                {
                    handler.Messages[1].Transaction.ReversePath.IsNull.ShouldBeTrue();
                    handler.Messages[1].Transaction.Body.ShouldBe(BodyType.SevenBit);
                },
            },
        ];

    private static DataModel Model(string sequence) => DataModel.Read($"first{sequence}{SmuggledEnvelope}{SmuggledText}")!;
}
