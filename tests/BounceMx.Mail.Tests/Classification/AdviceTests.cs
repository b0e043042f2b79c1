using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class AdviceTests
{
    public static TheoryData<BounceReason> Reasons => [.. BounceReasons.All];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Whatever_is_hard_is_to_be_removed(BounceReason reason) => AdviceOn(reason, Severity.Hard).ShouldBe(Advice.Remove);

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Nothing_but_a_complaint_removes_a_recipient_who_did_not_fail_for_good(BounceReason reason)
    {
        Severity severity = reason.DefaultSeverity() is Severity.Hard ? Severity.Soft : reason.DefaultSeverity();
        (AdviceOn(reason, severity) == Advice.Remove).ShouldBe(reason == BounceReason.Feedback);
    }

    [Theory]
    [InlineData(BounceReason.UserUnknown, Severity.Soft, Advice.RetryLater)]
    [InlineData(BounceReason.MailboxFull, Severity.Soft, Advice.RetryLater)]
    [InlineData(BounceReason.RateLimited, Severity.Soft, Advice.FixSender)]
    [InlineData(BounceReason.Blocked, Severity.Block, Advice.FixSender)]
    [InlineData(BounceReason.SpamDetected, Severity.Block, Advice.FixMessage)]
    [InlineData(BounceReason.EmailTooLarge, Severity.Soft, Advice.FixMessage)]
    [InlineData(BounceReason.Filtered, Severity.Soft, Advice.Review)]
    [InlineData(BounceReason.Undefined, Severity.Undetermined, Advice.Review)]
    [InlineData(BounceReason.Delivered, Severity.None, Advice.None)]
    [InlineData(BounceReason.Vacation, Severity.None, Advice.None)]
    public void Who_is_to_act_follows_from_the_reason(BounceReason reason, Severity severity, Advice advice) =>
        AdviceOn(reason, severity).ShouldBe(advice);

    [Fact]
    public void What_the_configuration_declares_to_be_no_failure_asks_for_nothing() =>
        AdviceOn(BounceReason.MailboxFull, Severity.None).ShouldBe(Advice.None);

    [Fact]
    public void The_words_on_the_wire_are_in_snake_case() =>
        Enum.GetValues<Advice>()
            .Select(advice => advice.ToWire())
            .ShouldBe(["none", "remove", "retry_later", "fix_sender", "fix_message", "review"]);

    private static Advice AdviceOn(BounceReason reason, Severity severity) => new Verdict(reason, severity, "x.rule", "").Advice;
}
