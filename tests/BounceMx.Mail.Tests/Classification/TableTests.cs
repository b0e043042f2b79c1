using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class TableTests
{
    [Theory]
    [InlineData(5, 1, 1, BounceReason.UserUnknown)]
    [InlineData(4, 1, 1, BounceReason.UserUnknown)]
    [InlineData(5, 1, 2, BounceReason.HostUnknown)]
    [InlineData(5, 1, 6, BounceReason.HasMoved)]
    [InlineData(5, 1, 8, BounceReason.Rejected)]
    [InlineData(5, 1, 10, BounceReason.NotAccept)]
    [InlineData(5, 2, 1, BounceReason.Suspend)]
    [InlineData(5, 2, 2, BounceReason.MailboxFull)]
    [InlineData(5, 2, 3, BounceReason.EmailTooLarge)]
    [InlineData(5, 3, 1, BounceReason.SystemFull)]
    [InlineData(5, 3, 2, BounceReason.NotAccept)]
    [InlineData(4, 3, 2, BounceReason.SystemError)]
    [InlineData(5, 4, 4, BounceReason.HostUnknown)]
    [InlineData(4, 4, 4, BounceReason.NetworkError)]
    [InlineData(4, 4, 7, BounceReason.Expired)]
    [InlineData(5, 5, 3, BounceReason.RateLimited)]
    [InlineData(5, 6, 1, BounceReason.ContentError)]
    [InlineData(5, 7, 13, BounceReason.Suspend)]
    [InlineData(5, 7, 25, BounceReason.RequirePtr)]
    [InlineData(5, 7, 26, BounceReason.AuthFailure)]
    [InlineData(5, 7, 30, BounceReason.FailedStarttls)]
    public void A_registered_status_has_its_reason(int @class, int subject, int detail, BounceReason reason) =>
        StatusTable.Find(new EnhancedStatusCode(@class, subject, detail)).ShouldBe(reason);

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(2, 1, 5)]
    [InlineData(5, 9, 9)]
    public void A_status_that_says_nothing_has_none(int @class, int subject, int detail) =>
        StatusTable.Find(new EnhancedStatusCode(@class, subject, detail)).ShouldBeNull();

    [Fact]
    public void Every_reason_has_a_word_of_its_own_that_reads_back()
    {
        BounceReasons.All.ShouldBe(Enum.GetValues<BounceReason>());
        foreach (BounceReason reason in BounceReasons.All)
        {
            BounceReasons.TryParse(reason.ToWire(), out BounceReason read).ShouldBeTrue();
            read.ShouldBe(reason);
        }
    }

    [Fact]
    public void Every_severity_has_a_word_of_its_own_that_reads_back()
    {
        foreach (Severity severity in Enum.GetValues<Severity>())
        {
            Severities.TryParse(severity.ToWire(), out Severity read).ShouldBeTrue();
            read.ShouldBe(severity);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("User_Unknown")]
    [InlineData("userunknown")]
    public void An_unknown_word_is_no_reason(string wire) => BounceReasons.TryParse(wire, out _).ShouldBeFalse();

    [Theory]
    [InlineData(Severity.Hard, "user_unknown host_unknown has_moved not_accept")]
    [InlineData(
        Severity.Soft,
        "mailbox_full suspend filtered expired network_error system_error system_full mailer_error syntax_error email_too_large rate_limited suppressed"
    )]
    [InlineData(
        Severity.Block,
        "blocked bad_reputation require_ptr auth_failure spam_detected virus_detected content_error policy_violation rejected no_relaying security_error not_compliant_rfc failed_starttls"
    )]
    [InlineData(Severity.Undetermined, "on_hold undefined")]
    [InlineData(Severity.None, "delivered feedback vacation")]
    public void The_default_severities_are_those_of_the_event_schema(Severity severity, string reasons) =>
        BounceReasons
            .All.Where(reason => reason.DefaultSeverity() == severity)
            .Select(reason => reason.ToWire())
            .ShouldBe(reasons.Split(' '));
}
