namespace BounceMx.Smtp.Tests.Dialogues;

// STARTTLS, and what is offered before and inside it.
internal static partial class Rows
{
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
                Places = Places.Memory | Places.Cut,
            },
            new("STARTTLS: it takes no argument", "RFC 3207 4", Ehlo, ("STARTTLS x", "501 5.5.4"), Mail),
            .. BeforeTls.Select(row => row with { Places = Places.Socket }),
        ];

    private static IEnumerable<Dialogue> BeforeTls =>
        [
            new(
                "STARTTLS: it is offered where there is a certificate",
                "RFC 3207 4",
                ("EHLO a", $"250 {WithTls}"),
                ("STARTTLS", "220 2.0.0"),
                Step.Handshake
            ),
            new(
                "STARTTLS: inside TLS it is not offered and gets 503 5.5.1",
                "RFC 3207 4.2",
                Ehlo,
                ("STARTTLS", "220 2.0.0"),
                Step.Handshake,
                ("EHLO a", $"250 {WithoutTls}"),
                ("STARTTLS", "503 5.5.1")
            ),
            new(
                "STARTTLS: what was said before it is forgotten",
                "RFC 3207 4.2",
                Ehlo,
                Mail,
                Rcpt,
                ("STARTTLS", "220 2.0.0"),
                Step.Handshake,
                ("MAIL FROM:<>", "503 5.5.1"),
                Ehlo,
                ("DATA", "503 5.5.1"),
                Mail,
                ("DATA", "554 5.5.1"),
                Rcpt,
                Data,
                Step.Octets("x\r\n.\r\n", "250 2.0.0")
            )
            {
                Stores = ["x\r\n"],
                Check = handler => handler.Messages[0].Transaction.Tls.ShouldNotBeNull(),
            },
            new("STARTTLS: it wants no EHLO before it", "RFC 3207 4", ("STARTTLS", "220 2.0.0"), Step.Handshake, Ehlo, Mail),
            new(
                "STARTTLS: octets behind it in clear text get no answer inside TLS, but 554 5.5.0 and the connection is closed",
                "RFC 3207 5",
                Ehlo,
                Step.Octets($"STARTTLS\r\n{Step.Joiner}MAIL FROM:<>\r\n", "554 5.5.0")
            )
            {
                Closes = true,
            },
            new(
                "STARTTLS: what is no handshake behind the 220 gets no reply, and the connection is closed",
                "RFC 3207 4.1",
                Ehlo,
                ("STARTTLS", "220 2.0.0"),
                ("EHLO a", "")
            )
            {
                Closes = true,
            },
        ];

    private static string WithTls =>
        "mx.bounces.test\nPIPELINING\nSIZE 10485760\nSTARTTLS\n8BITMIME\nENHANCEDSTATUSCODES\nDSN\nSMTPUTF8\nLIMITS MAILMAX=1000 RCPTMAX=1000";

    private static string WithoutTls => WithTls.Replace("STARTTLS\n", "", StringComparison.Ordinal);
}
