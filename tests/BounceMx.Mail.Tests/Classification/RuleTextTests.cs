using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class RuleTextTests
{
    [Theory]
    [InlineData("no such {user|mailbox}", "no such user", true)]
    [InlineData("no such {user|mailbox}", "no such mailbox", true)]
    [InlineData("no such {user|mailbox}", "no such alias", false)]
    [InlineData("quota {is |}full", "quota full", true)]
    [InlineData("quota {is |}full", "quota is full", true)]
    [InlineData("{user|mailbox} {unknown|gone}", "mailbox gone", true)]
    [InlineData("{user|mailbox}*{unknown|gone}", "the mailbox of a is gone", true)]
    [InlineData("{user|mailbox}*{unknown|gone}", "gone is the mailbox", false)]
    public void Braces_are_either_word(string rule, string text, bool holds) => Holds(rule, text).ShouldBe(holds);

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    public void A_tilde_is_a_run_of_at_most_24_characters(int run, bool holds) =>
        Holds("user~unknown", "user" + new string('.', run) + "unknown").ShouldBe(holds);

    [Fact]
    public void The_nearest_first_word_counts() => Holds("user~unknown", "user " + new string('x', 30) + " user is unknown").ShouldBeTrue();

    [Fact]
    public void A_far_word_does_not_end_the_search() =>
        Holds("user~unknown", "user " + new string('x', 30) + " unknown; user unknown").ShouldBeTrue();

    [Fact]
    public void A_run_may_be_empty() => Holds("user:~unknown", "user:unknown").ShouldBeTrue();

    [Fact]
    public void Each_gap_is_of_its_own_kind() => Holds("user*of~host", "user " + new string('x', 90) + " of this host").ShouldBeTrue();

    [Fact]
    public void The_longest_alternative_counts_where_two_rules_compete() =>
        Winner("a user unknown here", Books.Rule("x.long", "{user|user unknown}"), Books.Rule("x.short", "unknown he")).ShouldBe("x.long");

    [Fact]
    public void The_longest_alternative_counts_before_a_gap_too() =>
        Winner("domain name is unknown", Books.Rule("x.long", "{domain|domain name}~unknown"), Books.Rule("x.short", "is unknown, is"))
            .ShouldBe("x.long");

    [Theory]
    [InlineData("{domain|domain name}~{is|is unknown}", "domain name is unknown", "domain name is unknown")]
    [InlineData("user~unknown", "user one; user two is unknown", "user two is unknown")]
    public void The_words_are_quoted_as_found(string rule, string text, string evidence)
    {
        RecipientStatus recipient = Recipient(text);
        new BounceClassifier(Books.Load(Books.Rule(text: rule)))
            .Classify(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient)
            .Evidence.ShouldBe(evidence);
    }

    [Theory]
    [InlineData("{user")]
    [InlineData("user}")]
    [InlineData("{user|{mail}box}")]
    [InlineData("{user~|mailbox} gone")]
    public void Braces_that_do_not_close_are_refused(string text) => Refusal(text).ShouldContain("text: braces must be closed");

    [Theory]
    [InlineData("{user|a}*gone")]
    [InlineData("{user|}")]
    [InlineData("*u")]
    [InlineData("{u*|gone}")]
    [InlineData("user~")]
    [InlineData("user~*gone")]
    public void A_stretch_of_less_than_two_characters_is_refused(string text) =>
        Refusal(text).ShouldContain("text: at least two characters");

    [Theory]
    [InlineData("{user*|mailbox} gone")]
    [InlineData("gone {user|*mailbox}")]
    public void A_star_in_the_middle_of_a_stretch_is_refused(string text) =>
        Refusal(text).ShouldContain("text: braces may hold a '*' only");

    [Fact]
    public void Two_spaces_that_an_empty_alternative_leaves_are_refused() =>
        Refusal("quota {is|} full").ShouldContain("two spaces in a row");

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void More_than_300_alternatives_are_refused(int count, bool accepted)
    {
        string text = "{" + string.Join('|', Enumerable.Range(1000, count)) + "}";
        if (accepted)
            Books.Load(Books.Rule(text: text)).Rules.Count.ShouldBe(1);
        else
            Refusal(text).ShouldContain("text: more than 300 alternatives");
    }

    private static bool Holds(string rule, string text) => Winner(text, Books.Rule(text: rule)) == "x.rule";

    private static string Winner(string text, params string[] rules)
    {
        RecipientStatus recipient = Recipient(text);
        return new BounceClassifier(Books.Load(rules))
            .Classify(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient)
            .RuleId;
    }

    private static string Refusal(string text) => Should.Throw<RuleFormatException>(() => Books.Load(Books.Rule(text: text))).Message;

    private static RecipientStatus Recipient(string text) =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
            Diagnostic = text,
        };
}
