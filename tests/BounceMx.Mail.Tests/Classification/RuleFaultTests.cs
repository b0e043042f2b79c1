using System.Text;
using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

/// <summary>What the author of an overlay is told of a slip: the file, the rule, the key, and what would be right.</summary>
public sealed class RuleFaultTests
{
    [Fact]
    public void A_rule_is_read_as_it_is_written() =>
        Books
            .Load(
                """
                [{ "id": "x.rule", "text": "no such user",
                   "when": { "status": "5.1 x.2.0", "reply": "55", "command": "RCPT", "remote_mta": "b.test", "reporting_mta": "c.test" },
                   "reason": "user_unknown", "source": { "mta": "X", "reference": "x(8)" },
                   "examples": ["550 no such user"], "near_misses": ["no such host", "no such list"] }]
                """
            )
            .Rules.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                rule => rule.Id.ShouldBe("x.rule"),
                rule => rule.Text.ShouldBe("no such user"),
                rule =>
                    rule.When.ShouldBe(
                        new RuleConditions
                        {
                            Status = "5.1 x.2.0",
                            Reply = "55",
                            Command = "RCPT",
                            RemoteMta = "b.test",
                            ReportingMta = "c.test",
                        }
                    ),
                rule => rule.Reason.ShouldBe(BounceReason.UserUnknown),
                rule => rule.Source.ShouldBe(new RuleSource("X", "x(8)")),
                rule => rule.Examples.ShouldBe(["550 no such user"]),
                rule => rule.NearMisses.ShouldBe(["no such host", "no such list"]),
                rule => rule.File.ShouldBe("a.jsonc")
            );

    [Fact]
    public void Each_stated_condition_counts_one()
    {
        new RuleConditions().Count.ShouldBe(0);
        new RuleConditions { Status = "5" }.Count.ShouldBe(1);
        new RuleConditions { Reply = "5" }.Count.ShouldBe(1);
        new RuleConditions { Command = "RCPT" }.Count.ShouldBe(1);
        new RuleConditions { RemoteMta = "b.test" }.Count.ShouldBe(1);
        new RuleConditions { ReportingMta = "b.test" }.Count.ShouldBe(1);
        new RuleConditions { RemoteMta = "b.test", ReportingMta = "b.test" }.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X.rule")]
    [InlineData("x_rule")]
    [InlineData("x rule")]
    public void An_id_is_of_lower_case_letters_digits_dots_and_hyphens(string id) =>
        Refusal(Books.Rule(id)).ShouldBe($"a.jsonc: rule '{id}': id: lower-case letters, digits, '.' and '-' only");

    [Fact]
    public void An_id_may_have_all_of_them() => Books.Load(Books.Rule("x-1.b2")).Rules.ShouldHaveSingleItem().Id.ShouldBe("x-1.b2");

    [Theory]
    [InlineData("\"id\": 1", "number 1", "id: a string is expected")]
    [InlineData("\"id\": \"x\", \"text\": 1", "'x'", "text: a string is expected")]
    [InlineData("\"id\": \"x\", \"reason\": []", "'x'", "reason: a string is expected")]
    [InlineData("\"id\": \"x\", \"when\": []", "'x'", "when: an object is expected")]
    [InlineData("\"id\": \"x\", \"when\": { \"status\": 5 }", "'x'", "when.status: a string is expected")]
    [InlineData("\"id\": \"x\", \"when\": { \"reply\": 550 }", "'x'", "when.reply: a string is expected")]
    [InlineData("\"id\": \"x\", \"source\": \"x(8)\"", "'x'", "source: an object is expected")]
    [InlineData("\"id\": \"x\", \"source\": { \"mta\": 1 }", "'x'", "source.mta: a string is expected")]
    [InlineData("\"id\": \"x\", \"source\": { \"url\": \"u\" }", "'x'", "source.url: no such key")]
    [InlineData("\"id\": \"x\", \"examples\": \"e\"", "'x'", "examples: an array of strings is expected")]
    [InlineData("\"id\": \"x\", \"examples\": [1]", "'x'", "examples: a string is expected")]
    [InlineData("\"id\": \"x\", \"near_misses\": {}", "'x'", "near_misses: an array of strings is expected")]
    [InlineData("\"id\": 1, \"disabled\": true", "number 1", "id: a string is expected")]
    public void A_value_of_another_kind_is_refused_by_its_key(string keys, string rule, string fault) =>
        Refusal($"[{{ {keys} }}]").ShouldBe($"a.jsonc: rule {rule}: {fault}");

    [Theory]
    [InlineData("{}", "a.jsonc: an array of rules is expected")]
    [InlineData("[1]", "a.jsonc: rule number 1: an object is expected")]
    public void What_is_no_rule_is_refused(string json, string message) => Refusal(json).ShouldBe(message);

    [Fact]
    public void Rules_without_an_id_are_counted_from_one() =>
        Refusal(Books.Rule().TrimEnd(']') + ", { }]").ShouldBe("a.jsonc: rule number 2: id: is missing");

    [Theory]
    [InlineData("\"mta\": \"\", \"reference\": \"r\"", "source.mta")]
    [InlineData("\"reference\": \"r\"", "source.mta")]
    [InlineData("\"mta\": \"m\", \"reference\": \"\"", "source.reference")]
    [InlineData("\"mta\": \"m\"", "source.reference")]
    public void A_source_names_the_MTA_and_where_it_is_written(string source, string key) =>
        Refusal($"[{{ \"id\": \"x\", \"text\": \"yy\", \"reason\": \"expired\", \"source\": {{ {source} }}, \"examples\": [\"yy\"] }}]")
            .ShouldBe($"a.jsonc: rule 'x': {key}: is missing");

    [Theory]
    [InlineData("status", "6", "such as 5.1, 5.1.1 or x.2.0")]
    [InlineData("status", "5.x", "such as 5.1, 5.1.1 or x.2.0")]
    [InlineData("status", "5.1000", "such as 5.1, 5.1.1 or x.2.0")]
    [InlineData("status", "5.1.-1", "such as 5.1, 5.1.1 or x.2.0")]
    [InlineData("status", "5.1 6", "such as 5.1, 5.1.1 or x.2.0")]
    [InlineData("reply", "5a0", "such as 4, 55 or 550")]
    [InlineData("reply", "350", "such as 4, 55 or 550")]
    [InlineData("reply", "4  5", "such as 4, 55 or 550")]
    [InlineData("command", "QUIT", "one of CONN EHLO MAIL RCPT DATA")]
    [InlineData("remote_mta", ".b.test", "a lower-case domain without a dot in front")]
    [InlineData("remote_mta", "B.test", "a lower-case domain without a dot in front")]
    [InlineData("remote_mta", "192.0.2.1", "a lower-case domain without a dot in front")]
    [InlineData("reporting_mta", "b_/test", "a lower-case domain without a dot in front")]
    public void A_condition_that_cannot_hold_is_refused_with_what_would_be_right(string key, string value, string right) =>
        Refusal(Books.Rule(when: $"\"{key}\": \"{value}\"")).ShouldBe($"a.jsonc: rule 'x.rule': when.{key}: '{value}' is not {right}");

    [Theory]
    [InlineData("status", "2 4 5 x")]
    [InlineData("status", "2.1.5 x.999.999")]
    [InlineData("reply", "2 4 5 550")]
    [InlineData("command", "CONN EHLO MAIL RCPT DATA")]
    [InlineData("remote_mta", "b.test c.test")]
    public void A_condition_that_can_hold_is_accepted(string key, string value) =>
        Books.Load(Books.Rule(when: $"\"{key}\": \"{value}\"")).Rules.Count.ShouldBe(1);

    [Theory]
    [InlineData("\"status\": \"6\", \"reply\": \"x\"", "when.status")]
    [InlineData("\"reply\": \"x\", \"command\": \"x\"", "when.reply")]
    [InlineData("\"command\": \"x\", \"remote_mta\": \".\"", "when.command")]
    [InlineData("\"remote_mta\": \".\", \"reporting_mta\": \".\"", "when.remote_mta")]
    public void Of_several_faults_the_first_is_named(string when, string key) =>
        Refusal(Books.Rule(when: when)).ShouldStartWith($"a.jsonc: rule 'x.rule': {key}: ");

    [Fact]
    public void What_is_not_UTF8_is_refused() =>
        Should
            .Throw<RuleFormatException>(() => RuleBook.Load([("a.jsonc", new MemoryStream(Encoding.Latin1.GetBytes("[\"\u00e9\"]")))]))
            .Message.ShouldBe("a.jsonc: not UTF-8");

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Refusal("[{ \"id\": \"\\ud800\" }]").ShouldStartWith("a.jsonc: rule number 1: ");

    [Fact]
    public void Nothing_is_taken_for_no_book_and_no_recipient()
    {
        Should.Throw<ArgumentNullException>(() => new BounceClassifier(null!)).ParamName.ShouldBe("rules");
        Should.Throw<ArgumentNullException>(() => RuleCheck.Faults(null!)).ParamName.ShouldBe("book");
        Should
            .Throw<ArgumentNullException>(() => RuleCheck.Faults(null!, Books.Load(Books.Rule()).Rules[0]).Count())
            .ParamName.ShouldBe("book");
        Should.Throw<ArgumentNullException>(() => RuleCheck.Faults(RuleBook.Default, null!).Count()).ParamName.ShouldBe("rule");
    }

    private static string Refusal(string json) => Should.Throw<RuleFormatException>(() => Books.Load(json)).Message;
}
