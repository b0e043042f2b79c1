using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>What a returned message's header says of its envelope and of who signed it.</summary>
public sealed class EnvelopeTraceTests
{
    [Theory]
    [InlineData("Return-Path: <bounces+user=b.test@a.test>", "bounces+user=b.test@a.test")]
    [InlineData("Return-path: bounces@a.test", "bounces@a.test")] // Exchange writes no brackets
    [InlineData("X-Envelope-From: <bounces@a.test>", "bounces@a.test")]
    [InlineData("X-Envelope-Sender: bounces@a.test", "bounces@a.test")]
    [InlineData(
        "Received: from a by b with esmtp (Exim 4.98)\n\t(envelope-from <bounces+user=b.test@a.test>)\n\tid 1",
        "bounces+user=b.test@a.test"
    )]
    [InlineData("Received: from a (envelope-from bounces@a.test) by b", "bounces@a.test")]
    [InlineData("Received: (qmail 1 invoked; envelope-sender <bounces@a.test>)", "bounces@a.test")]
    public void Names_the_envelope_sender(string header, string sender) => Read(header).ReturnPath.ShouldBe(sender);

    [Theory]
    [InlineData("Return-Path: <>")]
    [InlineData("Return-Path: MAILER-DAEMON")]
    [InlineData("Received: from a by b; Sun, 22 Nov 2026 09:14:05 +0000")]
    [InlineData("Received: from a by b (envelope-from <>)")]
    [InlineData("Received: envelope-from")]
    public void Names_no_envelope_sender_where_there_is_none(string header) => Read(header).ReturnPath.ShouldBeNull();

    [Fact]
    public void The_Return_Path_goes_before_the_other_fields() =>
        Read("Received: by b (envelope-from <r@a.test>)\nX-Envelope-From: <x@a.test>\nReturn-Path: <p@a.test>")
            .ReturnPath.ShouldBe("p@a.test");

    [Fact]
    public void Only_the_topmost_Received_field_counts() =>
        Read("Received: from a by b\nReceived: from c by a (envelope-from <x@a.test>)").ReturnPath.ShouldBeNull();

    [Theory]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=a.test; s=one; bh=x; b=y", "a.test")]
    [InlineData("DKIM-Signature: v=1; s=one;\n\td = A.Test ;\n bh=x", "a.test")]
    [InlineData("DKIM-Signature: d=a.test\nDKIM-Signature: d=b.test\nDKIM-Signature: d=a.test", "a.test b.test")]
    [InlineData("DKIM-Signature: v=1; id=a.test; bd=b.test; d=", "")]
    [InlineData("DKIM-Signature: nonsense", "")]
    public void Names_the_domains_that_signed(string header, string domains) =>
        string.Join(' ', Read(header).DkimDomains).ShouldBe(domains);

    [Fact]
    public void No_more_than_eight_signatures_are_named() =>
        Read(string.Join('\n', Enumerable.Range(0, 20).Select(i => $"DKIM-Signature: d=a{i}.test"))).DkimDomains.Count.ShouldBe(8);

    private static OriginalMessage Read(string header)
    {
        string mail =
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            + "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; user@b.test\nAction: failed\nStatus: 5.1.1\n"
            + $"--b\nContent-Type: message/rfc822\n\n{header}\nSubject: News\n\nNews.\n--b--\n";
        return ReportReader.Read(MimeReader.Read(Encoding.ASCII.GetBytes(mail))).Original.ShouldNotBeNull();
    }
}
