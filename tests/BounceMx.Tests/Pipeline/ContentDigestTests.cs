using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Pipeline;

namespace BounceMx.Tests.Pipeline;

public sealed class ContentDigestTests
{
    private const string Mail = """
        From: MAILER-DAEMON@mx.sender.test
        To: bounces@bounces.test
        Subject: Undelivered Mail
        Date: Sun, 22 Nov 2026 09:14:05 +0000
        Message-ID: <4Vq0@mx.sender.test>

        User unknown
        """;

    [Theory]
    [InlineData("Received: from a.test by b.test; Sun, 22 Nov 2026 09:14:06 +0000\n", "")]
    [InlineData("Received: from a.test by b.test;\n\tSun, 22 Nov 2026 09:14:06 +0000\nReceived: from c.test\n", "")]
    [InlineData("Return-Path: <>\nDelivered-To: bounces@bounces.test\n", "")]
    [InlineData("X-Spam-Status: No, score=-0.5\nDKIM-Signature: v=1; d=b.test\nARC-Seal: i=1\n", "")]
    [InlineData("", "To: bounces@bounces.test\n")]
    public void Is_the_same_whatever_relays_put_into_the_header(string added, string removed) =>
        Of(added + With(removed, "")).ShouldBe(Of(Mail));

    [Theory]
    [InlineData("User unknown", "User unknowm")]
    [InlineData("4Vq0@", "4Vq1@")]
    [InlineData("09:14:05", "09:14:07")]
    [InlineData("MAILER-DAEMON@mx", "MAILER-DAEMON@my")]
    [InlineData("Undelivered", "Delayed")]
    [InlineData("Message-ID: <4Vq0@mx.sender.test>\n", "")]
    public void Is_another_for_another_body_or_author_s_field(string old, string @new) => Of(With(old, @new)).ShouldNotBe(Of(Mail));

    [Fact]
    public void Does_not_confuse_what_stands_in_one_field_with_what_stands_in_the_next() =>
        Of("Message-ID: a\nDate: b\n\n").ShouldNotBe(Of("Message-ID: a\nFrom: b\n\n"));

    // SHA-256 over Message-ID LF Date LF From LF Subject LF body; computed apart from this program.
    [Fact]
    public void Never_changes_silently() =>
        Of("Message-ID: <a@b.test>\nDate: Sun, 22 Nov 2026 09:14:05 +0000\nFrom: c@d.test\nSubject: e\n\nf\n")
            .ShouldBe("da71d5a2050b6354124bb5814451ac99a4e2b92a91e14dd4a1ad2b7be85f7849");

    private static string With(string old, string @new) =>
        old.Length == 0 ? Mail : Mail.ReplaceLineEndings("\n").Replace(old, @new, StringComparison.Ordinal);

    private static string Of(string mail)
    {
        var digest = new byte[ContentDigest.Size];
        ContentDigest.Compute(MimeReader.Read(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"))), digest);
        return Convert.ToHexStringLower(digest);
    }
}
