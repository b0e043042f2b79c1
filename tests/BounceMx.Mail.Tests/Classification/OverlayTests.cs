using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class OverlayTests
{
    private const string Switch = """[{ "id": "x.rule", "disabled": true }]""";

    [Fact]
    public void A_rule_is_taken_out_by_its_id() =>
        Books.Load(Books.Rule(), Books.Rule("x.kept")).Overlay(Books.Files(Switch)).Rules.ShouldHaveSingleItem().Id.ShouldBe("x.kept");

    [Fact]
    public void A_rule_that_is_not_there_cannot_be_taken_out() =>
        Should
            .Throw<RuleFormatException>(() => Books.Load(Books.Rule("x.kept")).Overlay(Books.Files(Switch)))
            .Message.ShouldBe("a.jsonc: rule 'x.rule': disabled: there is no rule with this id to take out");

    [Fact]
    public void A_book_on_its_own_has_nothing_to_take_out() => Should.Throw<RuleFormatException>(() => Books.Load(Switch));

    [Fact]
    public void A_rule_cannot_be_taken_out_and_replaced_at_once() =>
        Should.Throw<RuleFormatException>(() => Books.Load(Books.Rule()).Overlay(Books.Files(Switch, Books.Rule())));

    [Theory]
    [InlineData("""[{ "id": "x.rule", "disabled": false }]""")]
    [InlineData("""[{ "id": "x.rule", "disabled": "yes" }]""")]
    [InlineData("""[{ "id": "x.rule", "disabled": true, "text": "user unknown" }]""")]
    public void Nothing_but_the_id_stands_beside_it(string json) =>
        Should
            .Throw<RuleFormatException>(() => Books.Load(Books.Rule()).Overlay(Books.Files(json)))
            .Message.ShouldBe("a.jsonc: rule 'x.rule': disabled: is true, and stands beside id alone");

    [Fact]
    public void A_switch_without_an_id_is_refused() =>
        Should
            .Throw<RuleFormatException>(() => Books.Load(Books.Rule()).Overlay(Books.Files("""[{ "disabled": true }]""")))
            .Message.ShouldBe("a.jsonc: rule number 1: id: is missing");

    [Fact]
    public void A_rule_knows_its_file() => Books.Load(Books.Rule()).Rules.ShouldHaveSingleItem().File.ShouldBe("a.jsonc");
}
