namespace BounceMx.Smtp.Tests.Dialogues;

// What RFC 3461 lets a client ask for.
internal static partial class Rows
{
    private static IEnumerable<Dialogue> Notifications =>
        [
            .. Each(
                [
                    ("RET=FULL", "250 2.1.0", "RFC 3461 4.3"),
                    ("ret=hdrs", "250 2.1.0", "RFC 3461 4.3"),
                    ("ENVID=QQ314159", "250 2.1.0", "RFC 3461 4.4"),
                    ($"ENVID={Of('x', 100)}", "250 2.1.0", "RFC 3461 4.4"),
                    ($"ENVID={Of('x', 101)}", "501 5.5.4", "RFC 3461 4.4"),
                    ("RET=X", "501 5.5.4", "RFC 3461 4.3"),
                    ("RET=", "501 5.5.4", "RFC 3461 4.3"),
                    ("RET", "501 5.5.4", "RFC 3461 4.3"),
                    ("ENVID=", "501 5.5.4", "RFC 3461 4.4"),
                    ("ENVID=a+2", "501 5.5.4", "RFC 3461 4"),
                    ("ENVID=a+2g", "501 5.5.4", "RFC 3461 4"),
                    ("ENVID=a+2b", "501 5.5.4", "RFC 3461 4"),
                    ("ENVID=a=b", "501 5.5.4", "RFC 3461 4"),
                    ("ENVID=a+0D+0AMAIL", "501 5.5.4", "RFC 3461 4.4"),
                ],
                @case => new Dialogue(
                    $"DSN: MAIL with {Short(@case.Item1)} gets {@case.Item2}",
                    @case.Item3,
                    Ehlo,
                    ($"MAIL FROM:<> {@case.Item1}", @case.Item2)
                )
            ),
            .. Each(
                [
                    ("NOTIFY=NEVER", "250 2.1.5", "RFC 3461 4.1"),
                    ("notify=Success,failure,DELAY", "250 2.1.5", "RFC 3461 4.1"),
                    ("ORCPT=rfc822;a+2Bb@b.test", "250 2.1.5", "RFC 3461 4.2"),
                    ("NOTIFY=NEVER,SUCCESS", "501 5.5.4", "RFC 3461 4.1"),
                    ("NOTIFY=SUCCESS,NEVER", "501 5.5.4", "RFC 3461 4.1"),
                    ("NOTIFY=X", "501 5.5.4", "RFC 3461 4.1"),
                    ("NOTIFY=SUCCESS,", "501 5.5.4", "RFC 3461 4.1"),
                    ("NOTIFY=", "501 5.5.4", "RFC 3461 4.1"),
                    ("NOTIFY", "501 5.5.4", "RFC 3461 4.1"),
                    ("ORCPT=rfc822", "501 5.5.4", "RFC 3461 4.2"),
                    ("ORCPT=;a@b.test", "501 5.5.4", "RFC 3461 4.2"),
                    ("ORCPT=rfc822;", "501 5.5.4", "RFC 3461 4.2"),
                    ("ORCPT=rfc822;a+2@b.test", "501 5.5.4", "RFC 3461 4"),
                    ($"ORCPT=rfc822;{Of('x', 500)}", "501 5.5.4", "RFC 3461 4.2"),
                    ("RET=FULL", "555 5.5.4", "RFC 3461 4.3"),
                ],
                @case => new Dialogue(
                    $"DSN: RCPT with {Short(@case.Item1)} gets {@case.Item2}",
                    @case.Item3,
                    Ehlo,
                    Mail,
                    ($"RCPT TO:<{Recipient}> {@case.Item1}", @case.Item2)
                )
            ),
            new("DSN: MAIL with NOTIFY gets 555 5.5.4", "RFC 3461 4.1", Ehlo, ("MAIL FROM:<> NOTIFY=NEVER", "555 5.5.4")),
            new(
                "DSN: what is asked for is kept with the envelope",
                "RFC 3461 4",
                Ehlo,
                ("MAIL FROM:<> RET=HDRS ENVID=a+2Bb", "250 2.1.0"),
                ($"RCPT TO:<{Recipient}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;c+2Bd@e.test", "250 2.1.5")
            )
            {
                Check = handler =>
                {
                    handler.Transactions[0].Ret.ShouldBe(Ret.Headers);
                    handler.Transactions[0].EnvelopeId.ShouldBe("a+b");
                    handler.Parameters[0].Notify.ShouldBe(Notify.Failure | Notify.Delay);
                    handler.Parameters[0].OriginalRecipient.ShouldBe(new OriginalRecipient("rfc822", "c+d@e.test"));
                },
            },
            new(
                "DSN: behind HELO there is none",
                "RFC 5321 2.2.1",
                ("HELO a", "250"),
                ("MAIL FROM:<> RET=FULL", "555 5.5.4"),
                Mail,
                ($"RCPT TO:<{Recipient}> NOTIFY=NEVER", "555 5.5.4")
            ),
        ];
}
