using BounceMx.Mail.Classification;
using BounceMx.Rules;

namespace BounceMx.Tests.Rules;

public sealed class RuleOverlayTests
{
    [Fact]
    public void Without_files_the_book_is_the_one_that_is_built_in() => RuleOverlay.Load([]).ShouldBeSameAs(RuleBook.Default);

    [Fact]
    public void A_rule_of_ones_own_is_added()
    {
        RuleBook book = RuleOverlay.Load(RuleFiles.Files(RuleFiles.Rule()));
        book.Rules.Count.ShouldBe(RuleBook.Default.Rules.Count + 1);
        RuleOverlay
            .Own(book.Rules)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(rule => rule.Id.ShouldBe("own.greenhouse"), rule => rule.File.ShouldBe("a.jsonc"));
    }

    [Fact]
    public void A_rule_that_does_not_win_its_own_example_is_refused_with_file_and_rule() =>
        Refusal(RuleFiles.Rule(example: "550 no")).ShouldBe("a.jsonc: own.greenhouse: example \"550 no\": won by no rule");

    [Fact]
    public void The_first_of_several_faults_is_told_and_how_many_there_are() =>
        Refusal(RuleFiles.Rule(example: "one"), RuleFiles.Rule("own.other", "other words", example: "two"))
            .ShouldBe("a.jsonc: own.greenhouse: example \"one\": won by no rule (and 1 more: bouncemx rules check)");

    [Fact]
    public void What_is_not_well_formed_is_refused_with_file_rule_and_key() =>
        Refusal(RuleFiles.Rule(reason: "gone")).ShouldBe("a.jsonc: rule 'own.greenhouse': reason: 'gone' is none of the known words");

    [Fact]
    public void Rules_that_are_built_in_may_lose_their_examples_to_ones_own()
    {
        RuleBook book = RuleOverlay.Load(
            RuleFiles.Files(RuleFiles.Rule(text: "550 5.1.1 <a@b.test>... user unknown", example: "550 5.1.1 <a@b.test>... user unknown"))
        );
        RuleOverlay.Faults(book).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_overruled_is_told()
    {
        (string id, string example) = RuleBook
            .Default.Rules.Where(rule => rule.When is null && rule.Examples[0].Length > rule.Text.Length)
            .Select(rule => (rule.Id, rule.Examples[0]))
            .First(known => known.Item2.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.'));
        string own = example.ToLowerInvariant();
        RuleBook book = RuleOverlay.Load(RuleFiles.Files(RuleFiles.Rule(text: own, example: own)));
        RuleOverlay.Overruled(book).ShouldContain($"{id}: example \"{example}\": won by own.greenhouse");
    }

    private static string Refusal(params string[] contents) =>
        Should.Throw<RuleFormatException>(() => RuleOverlay.Load(RuleFiles.Files(contents))).Message;
}
