using BounceMx.Intake;
using BounceMx.Mail.Reports;
using BounceMx.Pipeline;

namespace BounceMx.Tests.Pipeline;

public sealed class RecipientMatcherTests
{
    private static readonly AcceptedRecipient User = Sample.Verp("user@recipient.test");
    private static readonly AcceptedRecipient Plain = Sample.Plain();

    [Fact]
    public void A_recipient_that_both_name_is_confirmed()
    {
        ConcernedRecipient concerned = RecipientMatcher.Match(Report(Status("user@recipient.test")), [User]).ShouldHaveSingleItem();
        concerned.Recipient.ShouldBe("user@recipient.test");
        concerned.Source.ShouldBe(RecipientSource.Verp);
        concerned.Status.ShouldNotBeNull();
        concerned.Confirmed.ShouldBeTrue();
    }

    [Fact]
    public void The_VERP_address_decides_on_the_case() =>
        RecipientMatcher
            .Match(Report(Status("USER@Recipient.Test")), [User])
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(c => c.Confirmed.ShouldBeTrue(), c => c.Recipient.ShouldBe("user@recipient.test"));

    [Theory]
    [InlineData("USER@recipient.test", null, null)]
    [InlineData("a@b.test", "user@RECIPIENT.test", null)]
    [InlineData("a@b.test", "a@b.test", "User@Recipient.test")]
    public void Case_does_not_matter(string recipient, string? finalRecipient, string? originalRecipient) =>
        RecipientMatcher
            .Match(Report(Status(recipient) with { FinalRecipient = finalRecipient, OriginalRecipient = originalRecipient }), [User])
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Fact]
    public void An_original_recipient_confirms_although_the_final_one_is_another() =>
        RecipientMatcher
            .Match(Report(Status("inbox@elsewhere.test") with { OriginalRecipient = "user@recipient.test" }), [User])
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Fact]
    public void A_final_recipient_confirms_although_the_original_one_is_another() =>
        RecipientMatcher
            .Match(Report(Status("list@sender.test") with { FinalRecipient = "user@recipient.test" }), [User])
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Fact]
    public void What_an_address_was_forwarded_to_is_told_under_the_address_that_was_mailed()
    {
        RecipientStatus forwarded = Status("inbox@elsewhere.test");
        RecipientMatcher
            .Match(Report(forwarded), [User])
            .ShouldHaveSingleItem()
            .ShouldBe(new ConcernedRecipient(User, "user@recipient.test", RecipientSource.Verp, forwarded, Confirmed: false));
    }

    [Fact]
    public void Of_several_that_an_address_was_expanded_to_the_one_that_failed_counts()
    {
        RecipientStatus failed = Status("b@elsewhere.test");
        RecipientMatcher
            .Match(Report(Status("a@elsewhere.test", DsnAction.Delayed), failed, Status("c@elsewhere.test", DsnAction.Delivered)), [User])
            .ShouldHaveSingleItem()
            .Status.ShouldBe(failed);
    }

    [Fact]
    public void Of_several_without_a_failure_the_first_counts()
    {
        RecipientStatus first = Status("a@elsewhere.test", DsnAction.Delayed);
        RecipientMatcher
            .Match(Report(first, Status("b@elsewhere.test", DsnAction.Delivered)), [User])
            .ShouldHaveSingleItem()
            .Status.ShouldBe(first);
    }

    [Fact]
    public void A_report_that_names_nobody_is_about_the_VERP_recipient() =>
        RecipientMatcher
            .Match(Report(), [User])
            .ShouldHaveSingleItem()
            .ShouldBe(new ConcernedRecipient(User, "user@recipient.test", RecipientSource.Verp, Status: null, Confirmed: false));

    [Fact]
    public void Others_in_a_report_that_confirms_are_told_beside() =>
        RecipientMatcher
            .Match(Report(Status("other@recipient.test"), Status("user@recipient.test")), [User])
            .Select(c => (c.Recipient, c.Source, c.Confirmed))
            .ShouldBe([
                ("user@recipient.test", RecipientSource.Verp, true),
                ("other@recipient.test", RecipientSource.FinalRecipient, false),
            ]);

    [Fact]
    public void At_a_plain_address_the_report_alone_says_who() =>
        RecipientMatcher
            .Match(Report(Status("a@recipient.test"), Status("b@recipient.test")), [Plain])
            .Select(c => (c.Recipient, c.Source, c.Confirmed))
            .ShouldBe([
                ("a@recipient.test", RecipientSource.FinalRecipient, false),
                ("b@recipient.test", RecipientSource.FinalRecipient, false),
            ]);

    [Fact]
    public void At_a_plain_address_a_report_that_names_nobody_still_is_one_concern() =>
        RecipientMatcher
            .Match(Report(), [Plain])
            .ShouldHaveSingleItem()
            .ShouldBe(new ConcernedRecipient(Plain, null, null, null, Confirmed: false));

    [Fact]
    public void Nobody_is_told_twice_however_many_addresses_a_message_came_to() =>
        RecipientMatcher
            .Match(
                Report(Status("a@recipient.test"), Status("user@recipient.test"), Status("b@recipient.test")),
                [Plain, User, Sample.Plain("bounces-news"), Sample.Verp("gone@recipient.test")]
            )
            .Select(c => (c.Address.Path.Mailbox.LocalPart, c.Recipient))
            .ShouldBe([
                ("bounces+user=recipient.test", "user@recipient.test"),
                ("bounces+gone=recipient.test", "gone@recipient.test"),
                ("bounces", "a@recipient.test"),
                ("bounces", "b@recipient.test"),
            ]);

    private static DeliveryReport Report(params RecipientStatus[] recipients) =>
        new() { Kind = ReportKind.Bounce, Recipients = recipients };

    private static RecipientStatus Status(string recipient, DsnAction action = DsnAction.Failed) =>
        new()
        {
            Recipient = recipient,
            RecipientSource = RecipientSource.FinalRecipient,
            FinalRecipient = recipient,
            Action = action,
        };
}
