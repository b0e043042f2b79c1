using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class CategoryTests
{
    [Theory]
    [InlineData("bad-mailbox", BounceReason.UserUnknown)]
    [InlineData("Quota-Issues", BounceReason.MailboxFull)]
    [InlineData("spam-related", BounceReason.SpamDetected)]
    [InlineData("routing-errors", BounceReason.NetworkError)]
    [InlineData("inactive-mailbox", BounceReason.Suspend)]
    [InlineData("bad-domain", BounceReason.HostUnknown)]
    [InlineData("invalid-sender", BounceReason.Rejected)]
    public void A_category_says_why_where_the_words_are_not_known(string category, BounceReason reason) =>
        Classify(category, "550 5.7.1 Leider nein")
            .ShouldSatisfyAllConditions(
                verdict => verdict.Reason.ShouldBe(reason),
                verdict => verdict.RuleId.ShouldBe("category"),
                verdict => verdict.Evidence.ShouldBe(category)
            );

    [Theory]
    [InlineData("other")]
    [InlineData("own-category")]
    public void A_category_that_says_nothing_leaves_it_to_the_codes(string category) =>
        Classify(category, "550 5.2.2 Leider nein").RuleId.ShouldBe("status");

    [Fact]
    public void A_category_goes_before_a_status_code() =>
        Classify("quota-issues", "550 5.1.1 Leider nein").Reason.ShouldBe(BounceReason.MailboxFull);

    [Fact]
    public void Known_words_go_before_a_category() =>
        Classify("bad-mailbox", "550 5.7.1 Relaying denied").Reason.ShouldBe(BounceReason.NoRelaying);

    [Fact]
    public void A_category_is_not_hard_where_the_text_is_about_the_sender() =>
        Classify("bad-mailbox", "550 5.7.1 Leider nein: sender").Severity.ShouldBe(Severity.Block);

    [Fact]
    public void A_bad_mailbox_is_no_filter_for_a_5_2_1() =>
        Classify("bad-mailbox", "550 5.2.1 <a@b.test>... User Unknown").Reason.ShouldBe(BounceReason.UserUnknown);

    [Fact]
    public void Without_a_category_a_5_2_1_is() =>
        Classify("other", "550 5.2.1 <a@b.test>... User Unknown").Reason.ShouldBe(BounceReason.Filtered);

    private static Verdict Classify(string category, string diagnostic)
    {
        byte[] message = Encoding.UTF8.GetBytes(
            $"""
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; pmta.a.test

            Final-Recipient: rfc822; a@b.test
            Action: failed
            Diagnostic-Code: smtp; {diagnostic}
            X-PowerMTA-BounceCategory: {category}

            --b--
            """
        );
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        return new BounceClassifier(RuleBook.Default).Classify(report, report.Recipients[0]);
    }
}
