using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class RuleCheckTests
{
    [Fact]
    public void A_sound_book_has_no_faults() => Faults(Books.Rule()).ShouldBeEmpty();

    [Fact]
    public void A_tie_is_a_fault()
    {
        string[] faults = Faults(
            Books.Rule("x.one", "user unknown"),
            Books.Rule("x.two", "unknown here", examples: "\"550 user unknown here\"")
        );
        faults.ShouldBe(["x.two: example \"550 user unknown here\": x.one and x.two tie"]);
    }

    [Fact]
    public void An_example_that_another_rule_wins_is_a_fault() =>
        Faults(Books.Rule("x.one"), Books.Rule("x.two", "550 user unknown"))
            .ShouldBe(["x.one: example \"550 user unknown\": won by x.two"]);

    [Fact]
    public void An_example_without_the_text_is_a_fault() =>
        Faults(Books.Rule(examples: "\"550 no\"")).ShouldBe(["x.rule: example \"550 no\": won by no rule"]);

    [Fact]
    public void A_near_miss_that_the_rule_wins_is_a_fault() =>
        Faults(Books.Rule(more: "\"near_misses\": [\"user unknown\"]")).ShouldBe(["x.rule: near miss \"user unknown\": won by this rule"]);

    [Fact]
    public void An_example_supplies_the_conditions_that_its_text_does_not_state() =>
        Faults(
                Books.Rule(
                    when: "\"status\": \"x.2\", \"reply\": \"55\", \"command\": \"DATA RCPT\", \"remote_mta\": \"b.test\"",
                    examples: "\"user unknown\""
                )
            )
            .ShouldBeEmpty();

    [Fact]
    public void An_example_that_states_another_status_than_the_condition_is_a_fault() =>
        Faults(Books.Rule(when: "\"status\": \"5.2\"", examples: "\"550 5.1.1 user unknown\"")).Length.ShouldBe(1);

    private static string[] Faults(params string[] files) => [.. RuleCheck.Faults(Books.Load(files))];
}
