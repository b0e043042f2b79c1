using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class RuleBookTests
{
    public static TheoryData<string> RuleIds => [.. RuleBook.Default.Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void Every_example_is_won_by_its_own_rule_alone_and_no_near_miss_is(string id) =>
        RuleCheck.Faults(RuleBook.Default, RuleBook.Default.Rules.Single(rule => rule.Id == id)).ShouldBeEmpty();

    [Fact]
    public void The_default_book_covers_the_dialects() => RuleBook.Default.Rules.Count.ShouldBeGreaterThan(150);

    [Fact]
    public void Every_id_begins_with_a_dialect() =>
        RuleBook.Default.Rules.ShouldAllBe(rule => rule.Id.IndexOf('.', StringComparison.Ordinal) > 0);

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() => Books.Load("// why\n" + Books.Rule()).Rules.Count.ShouldBe(1);

    [Fact]
    public void A_misspelt_key_is_refused() =>
        Refusal(Books.Rule(more: "\"exmples\": []")).ShouldBe("a.jsonc: rule 'x.rule': exmples: no such key");

    [Fact]
    public void A_misspelt_condition_is_refused() =>
        Refusal(Books.Rule(when: "\"stauts\": \"5.1\"")).ShouldBe("a.jsonc: rule 'x.rule': when.stauts: no such key");

    [Fact]
    public void An_unknown_reason_is_refused() =>
        Refusal(Books.Rule(reason: "userunknown")).ShouldBe("a.jsonc: rule 'x.rule': reason: 'userunknown' is none of the known words");

    [Fact]
    public void Upper_case_text_is_refused() =>
        Refusal(Books.Rule(text: "User unknown")).ShouldBe("a.jsonc: rule 'x.rule': text: must be lower case");

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("*")]
    [InlineData("u*")]
    [InlineData("user**unknown")]
    [InlineData("user*u*unknown")]
    public void A_text_with_a_segment_of_less_than_two_characters_is_refused(string text) =>
        Refusal(Books.Rule(text: text)).ShouldContain("text: at least two characters");

    [Theory]
    [InlineData(" user")]
    [InlineData("user ")]
    [InlineData("user  unknown")]
    [InlineData("user\\tunknown")]
    public void Text_with_white_space_that_can_never_be_met_is_refused(string text) =>
        Refusal(Books.Rule(text: text)).ShouldContain("text: single spaces");

    [Fact]
    public void A_rule_without_an_example_is_refused() =>
        Refusal(Books.Rule(examples: "")).ShouldBe("a.jsonc: rule 'x.rule': examples: at least one is needed");

    [Theory]
    [InlineData("\"id\": \"x\"", "text")]
    [InlineData("\"id\": \"x\", \"text\": \"yy\"", "reason")]
    [InlineData("\"id\": \"x\", \"text\": \"yy\", \"reason\": \"expired\"", "source")]
    [InlineData(
        "\"id\": \"x\", \"text\": \"yy\", \"reason\": \"expired\", \"source\": { \"mta\": \"m\", \"reference\": \"r\" }",
        "examples"
    )]
    public void A_missing_key_is_refused(string keys, string missing) =>
        Refusal($"[{{ {keys} }}]").ShouldBe($"a.jsonc: rule 'x': {missing}: is missing");

    [Theory]
    [InlineData("status")]
    [InlineData("reply")]
    [InlineData("category")]
    [InlineData("none")]
    public void An_id_that_events_use_otherwise_is_refused(string id) =>
        Refusal(Books.Rule(id)).ShouldBe($"a.jsonc: rule '{id}': id: '{id}' is what events say where no rule decided; choose another");

    [Fact]
    public void A_rule_without_an_id_is_named_by_its_place() => Refusal("[{ }]").ShouldBe("a.jsonc: rule number 1: id: is missing");

    [Fact]
    public void A_duplicate_id_is_refused_with_both_files() =>
        Should
            .Throw<RuleFormatException>(() => Books.Load(Books.Rule(), Books.Rule()))
            .Message.ShouldBe("b.jsonc: rule 'x.rule': id: stands in a.jsonc already");

    [Theory]
    [InlineData("\"status\": \"6.1\"", "when.status: '6.1'")]
    [InlineData("\"status\": \"5.1.1.1\"", "when.status")]
    [InlineData("\"status\": \"5. 1\"", "when.status")]
    [InlineData("\"reply\": \"5500\"", "when.reply")]
    [InlineData("\"reply\": \"\"", "when.reply")]
    [InlineData("\"command\": \"rcpt\"", "when.command: 'rcpt' is not one of CONN EHLO MAIL RCPT DATA")]
    [InlineData("\"remote_mta\": \".b.test\"", "when.remote_mta")]
    [InlineData("\"reporting_mta\": \"B.test\"", "when.reporting_mta")]
    public void A_condition_that_can_never_hold_is_refused(string when, string message) =>
        Refusal(Books.Rule(when: when)).ShouldContain(message);

    [Fact]
    public void An_empty_when_is_refused() => Refusal(Books.Rule(more: "\"when\": { }")).ShouldContain("when: states no condition");

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[1]")]
    [InlineData("[{ \"id\": 1 }]")]
    [InlineData("[{ \"id\": \"x\", \"id\": \"x\" }]")]
    [InlineData("[{ \"examples\": \"x\" }]")]
    [InlineData("[{ \"when\": [] }]")]
    public void What_is_no_array_of_rules_is_refused_with_the_name_of_the_file(string json) => Refusal(json).ShouldStartWith("a.jsonc: ");

    [Fact]
    public void An_overlay_replaces_by_id_and_adds()
    {
        RuleBook book = Books.Load(Books.Rule(), Books.Rule("x.kept", "no such user"));
        RuleBook over = book.Overlay(Books.Files(Books.Rule(reason: "filtered"), Books.Rule("x.new", "gone away")));
        over.Rules.Select(rule => $"{rule.Id}={rule.Reason.ToWire()}")
            .ShouldBe(["x.kept=user_unknown", "x.new=user_unknown", "x.rule=filtered"]);
    }

    private static string Refusal(string json) => Should.Throw<RuleFormatException>(() => Books.Load(json)).Message;
}
