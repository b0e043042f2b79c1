using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Pipeline;
using BounceMx.Verp;

namespace BounceMx.Tests.Pipeline;

public sealed class RecipientMatcherTests
{
    private static readonly AcceptedRecipient User = Sample.Verp("user@recipient.test");
    private static readonly AcceptedRecipient Plain = Sample.Plain();
    private static readonly AcceptedRecipient Hashed = Sample.Accepted(Hash("user@recipient.test"));

    [Fact]
    public void A_recipient_that_both_name_is_confirmed()
    {
        ConcernedRecipient concerned = Match(Report(Status("user@recipient.test")), User).ShouldHaveSingleItem();
        concerned.Recipient.ShouldBe("user@recipient.test");
        concerned.Source.ShouldBe(RecipientSource.Verp);
        concerned.Status.ShouldNotBeNull();
        concerned.Confirmed.ShouldBeTrue();
    }

    [Fact]
    public void The_VERP_address_decides_on_the_case() =>
        Match(Report(Status("USER@Recipient.Test")), User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(c => c.Confirmed.ShouldBeTrue(), c => c.Recipient.ShouldBe("user@recipient.test"));

    [Theory]
    [InlineData("USER@recipient.test", null, null)]
    [InlineData("a@b.test", "user@RECIPIENT.test", null)]
    [InlineData("a@b.test", "a@b.test", "User@Recipient.test")]
    public void Case_does_not_matter(string recipient, string? finalRecipient, string? originalRecipient) =>
        Match(Report(Status(recipient) with { FinalRecipient = finalRecipient, OriginalRecipient = originalRecipient }), User)
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Fact]
    public void An_original_recipient_confirms_although_the_final_one_is_another() =>
        Match(Report(Status("inbox@elsewhere.test") with { OriginalRecipient = "user@recipient.test" }), User)
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Theory]
    [InlineData(DsnAction.Delivered)]
    [InlineData(DsnAction.Failed)]
    public void Of_several_that_an_alias_stands_for_the_best_fate_counts_in_any_order(DsnAction best)
    {
        RecipientStatus gone = Status("m1@recipient.test") with { OriginalRecipient = "user@recipient.test" };
        RecipientStatus better = Status("m2@recipient.test", best) with
        {
            OriginalRecipient = "user@recipient.test",
            Diagnostic = nameof(Severity.Soft),
        };
        foreach (
            RecipientStatus[] order in (RecipientStatus[][])
                [
                    [gone, better],
                    [better, gone],
                ]
        )
            Match(Report(order), User)
                .ShouldHaveSingleItem()
                .ShouldSatisfyAllConditions(c => c.Status.ShouldBe(better), c => c.Confirmed.ShouldBeTrue());
    }

    // Readers that prefer the Original-Recipient give all of them the alias's name.
    [Fact]
    public void That_several_are_gone_that_an_alias_stands_for_does_not_make_the_alias_gone() =>
        Match(
                Report(
                    Status("user@recipient.test") with
                    {
                        FinalRecipient = "m1@recipient.test",
                    },
                    Status("user@recipient.test") with
                    {
                        FinalRecipient = "m2@recipient.test",
                    }
                ),
                User
            )
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(c => c.Status.ShouldBeNull(), c => c.Confirmed.ShouldBeTrue());

    [Fact]
    public void What_is_said_of_the_VERP_recipient_itself_goes_before_what_it_stands_for()
    {
        RecipientStatus itself = Status("user@recipient.test");
        RecipientStatus member = Status("m1@recipient.test", DsnAction.Delivered) with { OriginalRecipient = "user@recipient.test" };
        Match(Report(member, itself), User).ShouldHaveSingleItem().Status.ShouldBe(itself);
        Match(Report(itself, member), User).ShouldHaveSingleItem().Status.ShouldBe(itself);
    }

    [Fact]
    public void A_final_recipient_confirms_although_the_original_one_is_another() =>
        Match(Report(Status("list@sender.test") with { FinalRecipient = "user@recipient.test" }), User)
            .ShouldHaveSingleItem()
            .Confirmed.ShouldBeTrue();

    [Fact]
    public void What_an_address_was_forwarded_to_is_told_under_the_address_that_was_mailed()
    {
        RecipientStatus forwarded = Status("inbox@elsewhere.test");
        Match(Report(forwarded), User)
            .ShouldHaveSingleItem()
            .ShouldBe(new ConcernedRecipient(User, "user@recipient.test", RecipientSource.Verp, forwarded, Confirmed: false));
    }

    [Fact]
    public void Of_several_that_were_mailed_nothing_says_which_was_forwarded() =>
        Match(Report(Status("inbox@elsewhere.test")), User, Sample.Verp("other@recipient.test"))
            .Select(concerned => concerned.Status)
            .ShouldBe([null, null]);

    [Fact]
    public void Of_several_that_an_address_was_expanded_to_the_best_fate_counts()
    {
        RecipientStatus delivered = Status("c@elsewhere.test", DsnAction.Delivered);
        Match(Report(Status("a@elsewhere.test", DsnAction.Delayed), Status("b@elsewhere.test"), delivered), User)
            .ShouldHaveSingleItem()
            .Status.ShouldBe(delivered);
    }

    [Fact]
    public void Of_several_failures_the_least_final_counts()
    {
        RecipientStatus full = Status("b@elsewhere.test") with { Diagnostic = nameof(Severity.Soft) };
        Match(Report(Status("a@elsewhere.test"), full, Status("c@elsewhere.test")), User).ShouldHaveSingleItem().Status.ShouldBe(full);
    }

    [Fact]
    public void That_several_others_are_gone_does_not_make_the_VERP_recipient_gone() =>
        Match(Report(Status("a@elsewhere.test"), Status("b@elsewhere.test")), User).ShouldHaveSingleItem().Status.ShouldBeNull();

    [Fact]
    public void One_that_is_told_of_twice_is_one() =>
        Match(Report(Status("a@elsewhere.test"), Status("A@elsewhere.test")), User).ShouldHaveSingleItem().Status.ShouldNotBeNull();

    [Fact]
    public void The_verdict_on_one_that_was_mailed_is_not_that_on_another() =>
        Match(Report(Status("user@recipient.test")), User, Sample.Verp("second@recipient.test"))
            .Select(c => (c.Recipient, c.Status is null))
            .ShouldBe([("user@recipient.test", false), ("second@recipient.test", true)]);

    [Fact]
    public void The_verdict_on_who_is_told_at_a_plain_address_is_nobody_else_s() =>
        Match(Report(Status("other@recipient.test")), User, Plain)
            .Select(c => (c.Recipient, c.Status is null))
            .ShouldBe([("user@recipient.test", true), ("other@recipient.test", false)]);

    [Fact]
    public void A_hash_is_confirmed_by_whom_the_report_names() =>
        Match(Report(Status("User@recipient.test")), Hashed)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                c => c.Recipient.ShouldBe("User@recipient.test"),
                c => c.Source.ShouldBe(RecipientSource.Verp),
                c => c.Confirmed.ShouldBeTrue()
            );

    [Theory]
    [InlineData("user@recipient.test", null)]
    [InlineData(null, "user@recipient.test")]
    public void A_hash_is_confirmed_by_any_of_the_report_s_fields(string? finalRecipient, string? originalRecipient) =>
        Match(Report(Status("a@elsewhere.test") with { FinalRecipient = finalRecipient, OriginalRecipient = originalRecipient }), Hashed)
            .ShouldHaveSingleItem()
            .Recipient.ShouldBe("user@recipient.test");

    [Theory]
    [InlineData("user@recipient.test")]
    [InlineData("\"The user\" <user@recipient.test>")]
    public void A_hash_is_confirmed_by_whom_the_returned_original_was_sent_to(string to)
    {
        DeliveryReport report = Report(Status("inbox@elsewhere.test")) with { Original = new OriginalMessage { To = to } };
        Match(report, Hashed)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                c => c.Recipient.ShouldBe("user@recipient.test"),
                c => c.Status!.Recipient.ShouldBe("inbox@elsewhere.test"),
                c => c.Confirmed.ShouldBeFalse()
            );
    }

    [Fact]
    public void A_hash_that_nobody_confirms_names_nobody() =>
        Match(Report(Status("another@recipient.test")), Hashed)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                c => c.Recipient.ShouldBeNull(),
                c => c.Source.ShouldBeNull(),
                c => c.Status!.Recipient.ShouldBe("another@recipient.test")
            );

    // What was hashed in vain for the address before counts too.
    [Theory]
    [InlineData(RecipientMatcher.MaxHashes / 2, "user@recipient.test")]
    [InlineData((RecipientMatcher.MaxHashes / 2) + 1, null)]
    public void Hashes_are_given_up_when_there_were_very_many(int names, string? recipient)
    {
        IEnumerable<RecipientStatus> others = Enumerable.Range(1, names - 1).Select(i => Status($"other{i}@recipient.test"));
        Match(Report([.. others, Status("user@recipient.test")]), Sample.Accepted(Hash("nobody@recipient.test")), Hashed)[1]
            .Recipient.ShouldBe(recipient);
    }

    [Fact]
    public void Each_status_is_classified_once_however_many_addresses_it_is_about()
    {
        int classified = 0;
        new RecipientMatcher(Sample.Codec()).Match(
            Report(Status("user@recipient.test"), Status("user@recipient.test")),
            [User, User, User],
            _ =>
            {
                classified++;
                return Severity.Hard;
            }
        );
        classified.ShouldBe(2);
    }

    [Fact]
    public void A_token_names_nobody_so_the_report_does() =>
        Match(Report(Status("user@recipient.test")), Sample.Accepted("bounces+0f8fad5b-d9cb-469f-a165-70867728950e@bounces.test"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                c => c.Recipient.ShouldBe("user@recipient.test"),
                c => c.Source.ShouldBe(RecipientSource.FinalRecipient)
            );

    [Fact]
    public void A_report_that_names_nobody_is_about_the_VERP_recipient() =>
        Match(Report(), User)
            .ShouldHaveSingleItem()
            .ShouldBe(new ConcernedRecipient(User, "user@recipient.test", RecipientSource.Verp, Status: null, Confirmed: false));

    [Fact]
    public void Others_in_a_report_that_confirms_are_told_beside() =>
        Match(Report(Status("other@recipient.test"), Status("user@recipient.test")), User)
            .Select(c => (c.Recipient, c.Source, c.Confirmed))
            .ShouldBe([
                ("user@recipient.test", RecipientSource.Verp, true),
                ("other@recipient.test", RecipientSource.FinalRecipient, false),
            ]);

    [Fact]
    public void At_a_plain_address_the_report_alone_says_who() =>
        Match(Report(Status("a@recipient.test"), Status("b@recipient.test")), Plain)
            .Select(c => (c.Recipient, c.Source, c.Confirmed))
            .ShouldBe([
                ("a@recipient.test", RecipientSource.FinalRecipient, false),
                ("b@recipient.test", RecipientSource.FinalRecipient, false),
            ]);

    [Fact]
    public void At_a_plain_address_a_report_that_names_nobody_still_is_one_concern() =>
        Match(Report(), Plain).ShouldHaveSingleItem().ShouldBe(new ConcernedRecipient(Plain, null, null, null, Confirmed: false));

    [Fact]
    public void Nobody_is_told_twice_however_many_addresses_a_message_came_to() =>
        Match(
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

    private static string Hash(string recipient) =>
        new VerpCodec(new VerpOptions { HideRecipients = true }).Encode(recipient, "bounces.test").Address!;

    // How bad a status is stands in its diagnostic here; failures are hard.
    private static List<ConcernedRecipient> Match(DeliveryReport report, params AcceptedRecipient[] addresses) =>
        new RecipientMatcher(Sample.Codec()).Match(
            report,
            addresses,
            status => Enum.TryParse(status.Diagnostic, out Severity severity) ? severity : Severity.Hard
        );

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
