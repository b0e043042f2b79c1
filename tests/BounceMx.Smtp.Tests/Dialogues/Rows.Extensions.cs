namespace BounceMx.Smtp.Tests.Dialogues;

// CHUNKING and STARTTLS.
internal static partial class Rows
{
    private static IEnumerable<Dialogue> Chunking =>
        Each(
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
        );

    private static IEnumerable<Dialogue> StartTls =>
        [
            new(
                "STARTTLS: without a certificate it gets 454 4.7.0, and the session goes on",
                "RFC 3207 4",
                Ehlo,
                ("STARTTLS", "454 4.7.0"),
                Mail
            )
            {
                Places = Places.Clear,
            },
            new("STARTTLS: it takes no argument", "RFC 3207 4", Ehlo, ("STARTTLS x", "501 5.5.4"), Mail),
        ];
}
