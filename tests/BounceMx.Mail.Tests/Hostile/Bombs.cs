using System.Globalization;
using System.Text;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>
/// Messages that are made to cost whoever reads them time or memory: many of something, long, deep, or each of many to be looked for in all
/// of something else. Each is a head and a piece that is repeated until the message has the size that is asked for.
/// </summary>
internal static class Bombs
{
    private const string Status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; bomb.test\n\n";
    private const string Daemon = "From: MAILER-DAEMON@bomb.test\n";
    private const string Bounce = Daemon + "Subject: failure notice\n";
    private const string Prose = Bounce + "\nCould not be delivered to:\n";
    private const string Json = Bounce + "\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[";
    private const string Html = Bounce + "Content-Type: text/html\n\nCould not be delivered:\n";

    private static readonly string Hyphens = new('-', 200);

    private static readonly Dictionary<string, Bomb> _all = new(StringComparer.Ordinal)
    {
        // Structure
        ["nested multiparts"] = Numbered("", "Content-Type: multipart/mixed; boundary=b#\n\n--b#\n"),
        ["nested multiparts of one boundary"] = Repeated("", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"),
        ["nested messages"] = Repeated("", "Content-Type: message/rfc822\n\n"),
        ["nested messages in quoted-printable"] = new(size =>
            Fill(
                string.Concat(
                    Enumerable
                        .Repeat("Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n", 30)
                        .Append("=" + string.Concat(Enumerable.Repeat("3D", 40)))
                ),
                "x",
                size
            )
        ),
        ["flat parts"] = Repeated("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n"),
        ["flat messages"] = Repeated(
            "Content-Type: multipart/mixed; boundary=b\n\n",
            "--b\nContent-Type: message/rfc822\n\nTo: a@b.test\n\n"
        ),
        ["boundaries that are prefixes"] = new(size =>
            Fill(Nested(Enumerable.Range(1, 30).Select(n => new string('a', n))), "--aaa\n\n", size)
        ),
        ["boundaries of hyphens"] = new(
            size => Fill(Nested(Enumerable.Range(1, 30).Select(n => Hyphens + new string('x', n))), "-", size),
            IsReadWhole: true
        ),
        ["lines of hyphens"] = new(
            size => Fill(Nested(Enumerable.Range(1, 30).Select(n => Hyphens + new string('x', n))), Hyphens + "\n", size),
            IsReadWhole: true
        ),
        ["hyphens without a boundary"] = Repeated("Content-Type: multipart/mixed\n\n", "--x\n", isReadWhole: true),
        ["blanks before hyphens"] = Repeated("Content-Type: multipart/mixed; boundary=b\n\n", " -- \t", isReadWhole: true),
        ["empty lines"] = Repeated(Prose, "\n"),
        ["bare carriage returns"] = Repeated(Prose, "\r"),
        ["doubled carriage returns"] = Repeated(Prose, "\r\r\n"),
        ["zeros"] = Repeated("", "\0", isReadWhole: true),
        // Header
        ["header fields"] = Repeated("Subject: first\n", "X: y\n"),
        ["one long field"] = Repeated(Bounce + "X: ", "x"),
        ["one folded field"] = Repeated(Bounce + "X: y\n", " z\n"),
        ["colons"] = Repeated(Bounce, ":"),
        ["parentheses in To"] = Repeated(Prose + "\nReceived: x\nTo: ", "("),
        ["comments in To"] = Repeated(Bounce + "To: ", "(()) "),
        ["addresses in To"] = Numbered(Bounce + "To: ", "a#@b.test, "),
        ["failed recipients in the header"] = Numbered(Bounce, "X-Failed-Recipients: a#@b.test\n"),
        ["parameters"] = Repeated("Content-Type: multipart/mixed", "; a=b"),
        ["quoted parameters"] = Repeated("Content-Type: multipart/mixed", "; a=\"\\\"\\\"\""),
        ["an open quote"] = Repeated("Content-Type: multipart/mixed; boundary=\"", "\\"),
        ["continuations"] = Numbered("Content-Type: text/plain", "; charset*#=a"),
        ["the same continuation"] = Repeated("Content-Type: text/plain", "; charset*1*=%41"),
        ["a huge continuation"] = Repeated("Content-Type: text/plain; charset*", "9"),
        ["encoded words"] = Repeated(Daemon + "Subject: ", "=?utf-8?q?a?= "),
        ["encoded words of changing charsets"] = Repeated(Daemon + "Subject: ", "=?utf-8?q?a?= =?iso-2022-jp?b?GyRC?= "),
        ["encoded words of unknown charsets"] = Numbered(Daemon + "Subject: ", "=?x-#?q?a?= "),
        ["open encoded words"] = Repeated(Daemon + "Subject: ", "=?utf-8?q?"),
        ["half encoded words"] = Repeated(Daemon + "Subject: ", "=?"),
        // Encodings
        ["soft line breaks"] = Repeated(Bounce + "Content-Transfer-Encoding: quoted-printable\n\n", "=\n=  =\t\n"),
        ["equals signs"] = Repeated(Bounce + "Content-Transfer-Encoding: quoted-printable\n\n", "="),
        ["base64"] = Repeated(Bounce + "Content-Transfer-Encoding: base64\n\n", "Q291bGQg"),
        ["base64 with garbage"] = Repeated(Bounce + "Content-Transfer-Encoding: base64\n\n" + new string('A', 256), "Q!=\0=-"),
        ["octets beyond ASCII"] = Repeated(Bounce + "Content-Type: text/plain; charset=windows-1252\n\n", "\u00C4"),
        ["escape sequences"] = Repeated(Bounce + "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\u001B$B$\"\u001B(B"),
        ["a status in another charset"] = Numbered(
            "Content-Type: message/delivery-status; charset=iso-8859-1\n\nFinal-Recipient: a@b.test\nAction: failed\n\n",
            "X-#: \u00C4\u00D6\u00DC\n"
        ),
        // Delivery status
        ["recipients"] = Numbered(Status, "Final-Recipient: rfc822; u#@bomb.test\nAction: failed\nStatus: 5.1.1\n\n"),
        ["recipients without empty lines"] = Numbered(Status, "Final-Recipient: rfc822; u#@b.test\n"),
        ["groups without recipient"] = Repeated(Status + "Final-Recipient: a@b.test\n\n", "Action: failed\n\n"),
        ["fields of the message"] = Repeated(Status, "Reporting-MTA: dns; bomb.test\n"),
        ["unknown fields"] = Numbered(Status, "X-#: y\n"),
        ["a long diagnostic"] = Repeated(Status + "Final-Recipient: a@b.test\nDiagnostic-Code: smtp; 550", " 5.1.1 5"),
        ["lines of a diagnostic"] = Repeated(Status + "Final-Recipient: a@b.test\nDiagnostic-Code: smtp; 550-5.1.1 x\n", " 550-5.1.1 x\n"),
        ["a long action"] = Repeated(Status + "Final-Recipient: a@b.test\nAction: ", "failed "),
        ["a long date"] = Repeated(Status + "Final-Recipient: a@b.test\nLast-Attempt-Date: ", "1 "),
        ["a status without its type"] = Numbered(Bounce + "\n", "Final-Recipient: rfc822; u#@bomb.test\nAction: failed\n\n"),
        ["a quoted status"] = Numbered(Bounce + "\n", "> Final-Recipient: rfc822; u#@bomb.test\n> Action: failed\n>\n"),
        ["complaints"] = Numbered("Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n", "Original-Rcpt-To: u#@bomb.test\n"),
        // Many recipients, each looked for in a long text
        ["recipients in prose"] = Report("\nu#@b.test: no\n"),
        ["recipients in dense prose"] = Report("u#@b.test ", "u@b.test 550 5.1.1 unknown\n"),
        ["recipients in a transcript"] = Report("<<< 550 u#@b.test unknown\n"),
        ["recipients in a transcript of long lines"] = Report("<<< 550 u#@b.test " + new string('u', 400) + "\n"),
        ["recipients that are pipes"] = Report("<<< 550 " + new string('|', 400) + " #\n", recipient: "|" + new string('|', 12) + "#"),
        // Prose
        ["addresses on lines"] = Numbered(Prose, "<#@b.test>\n"),
        ["addresses on one line"] = Numbered(Prose, "#@b.test "),
        ["addresses with replies"] = Numbered(Prose, "#@b.test: 550 5.1.1 unknown\n\n"),
        ["addresses with reasons"] = Numbered(Prose, "#@b.test\nmailbox is full,\n"),
        ["announcements"] = Numbered(Prose, "#@b.test because:\n\n"),
        ["at signs"] = Repeated(Prose, "@"),
        ["quotes and at signs"] = Repeated(Prose, "\"@"),
        ["one long address"] = Repeated(Prose + "a@", "a"),
        ["ideographs and at signs"] = Repeated(Prose, "\u5B9B\u5148@"),
        ["dots and at signs"] = Repeated(Prose, ".@."),
        ["arrows"] = Repeated(Prose, ">>> "),
        ["lines of arrows"] = Repeated(Prose, ">>> \n"),
        ["open replies"] = Repeated(Prose, "<<< 550-x\n"),
        ["a transcript"] = Numbered(Prose, ">>> RCPT To:<u#@b.test>\n<<< 550 5.1.1 no\n"),
        ["a pipelined transcript"] = Numbered(Prose + ">>> DATA\n", "<<< 550 5.1.1 u#@b.test\n"),
        ["fives"] = Repeated(Prose, "5"),
        ["replies"] = Repeated(Prose, "550 "),
        ["almost replies"] = Repeated(Prose, "said 5 555\t"),
        ["status codes"] = Repeated(Prose, "5.1.1 "),
        ["almost status codes"] = Repeated(Prose, "5.1.1.1 "),
        ["dots of a status code"] = Repeated(Prose, "5."),
        ["fields in the midst of lines"] = Repeated(Prose, "x received: "),
        ["indented fields"] = Repeated(Prose, "x  > received: "),
        ["announcements of the original"] = Repeated(Prose, "original message\n"),
        ["almost wordings"] = Repeated(Prose, "undelive could not b mailbox is ful "),
        ["paragraphs"] = Repeated(Prose, "The mailbox is full:\n\n"),
        ["labels"] = Numbered(Prose, "Recipient address: #@b.test\n"),
        ["long local parts"] = Repeated(Prose, new string('\u00FF', 330) + "@b.test\n"),
        ["an answer"] = Repeated("From: a@b.test\nAuto-Submitted: auto-replied\n\n", "The address is. No longer\nin use "),
        ["a list server's answer"] = Repeated("From: " + new string('\u00FF', 330) + "@b.test\nX-MLServer: fml\n\nmail loop", "mail loop "),
        // JSON
        ["recipients in JSON"] = Numbered(Json, "{\"emailAddress\":\"a#@b.test\"},"),
        ["closed JSON"] = new(size => Fill(Json, "{\"emailAddress\":\"a@b.test\"},", Math.Min(size, 200 * 1024)) + "{}]}}"),
        ["nested JSON"] = Repeated(Bounce + "\n{\"a\":", "["),
        ["escapes in JSON"] = Repeated(Bounce + "\n{\"Message\":\"", "\\u0041"),
        // HTML
        ["tags"] = Repeated(Html, "<b>"),
        ["open tags"] = Repeated(Html, "<"),
        ["block tags"] = Repeated(Html, "<br/><p>"),
        ["comments"] = Repeated(Html, "<!---->"),
        ["open comments"] = Repeated(Html, "<!-- >"),
        ["styles"] = Repeated(Html, "<style></"),
        ["entities"] = Repeated(Html, "&#64;&lt;"),
        ["half entities"] = Repeated(Html, "&#"),
    };

    /// <summary>One bomb a name.</summary>
    public static IEnumerable<string> Names => _all.Keys;

    /// <summary>Whether a bomb is harmless enough to be read to its end, whatever its size.</summary>
    public static bool IsReadWhole(string name) => _all[name].IsReadWhole;

    /// <summary>Makes a bomb.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="octets">The size, but for a piece more or less.</param>
    public static byte[] Make(string name, int octets) => Encoding.Latin1.GetBytes(_all[name].Make(octets));

    private static Bomb Repeated(string head, string piece, bool isReadWhole = false) => new(size => Fill(head, piece, size), isReadWhole);

    private static Bomb Numbered(string head, string piece) =>
        new(size =>
        {
            var text = new StringBuilder(head, size);
            for (int i = 0; text.Length < size; i++)
                Append(text, piece, i);
            return text.ToString();
        });

    /// <summary>Half a text that names 1,000 recipients again and again, half their fields.</summary>
    private static Bomb Report(string mention, string behind = "", string recipient = "u#@b.test") =>
        new(size =>
        {
            var text = new StringBuilder(Bounce + "Content-Type: multipart/report; boundary=b\n\n--b\n\n", size);
            for (int i = 0; text.Length < size / 2; i = (i + 1) % 1000)
                Append(text, mention + behind, i);
            text.Append("\n--b\n").Append(Status);
            for (int i = 0; text.Length < size && i < 1000; i++)
                Append(text, $"Final-Recipient: rfc822; {recipient}\nAction: failed\n\n", i);
            while (text.Length < size)
                text.Append("X-Filler: y\n");
            return text.ToString();
        });

    private static void Append(StringBuilder text, string piece, int number) =>
        text.Append(piece.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private static string Nested(IEnumerable<string> boundaries) =>
        string.Concat(boundaries.Select(boundary => $"Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\n")) + "\n";

    private static string Fill(string head, string piece, int size)
    {
        var text = new StringBuilder(head, Math.Max(size, head.Length));
        while (text.Length < size)
            text.Append(piece);
        return text.ToString();
    }

    private sealed record Bomb(Func<int, string> Make, bool IsReadWhole = false);
}
