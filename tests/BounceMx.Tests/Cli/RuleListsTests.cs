using BounceMx.Cli;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Tests.Rules;

namespace BounceMx.Tests.Cli;

public sealed class RuleListsTests
{
    [Fact]
    public void A_rule_is_a_line_with_tabs_between_its_fields()
    {
        StringWriter output = new();
        RuleLists.WriteLines(RuleFiles.Book(RuleFiles.Rule()).Rules, output);
        output.ToString().ShouldBe("own.greenhouse\thas_moved\t\tgone to the greenhouse\ta.jsonc" + Environment.NewLine);
    }

    [Fact]
    public void Every_line_has_five_fields()
    {
        StringWriter output = new();
        RuleLists.WriteLines(RuleBook.Default.Rules, output);
        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(RuleBook.Default.Rules.Count);
        lines.ShouldAllBe(line => line.Split('\t', StringSplitOptions.None).Length == 5);
    }

    [Fact]
    public void A_line_feed_in_the_name_of_a_host_begins_no_field()
    {
        DeliveryReport report = RulesCommand.Report(
            "550 no",
            null,
            "mx.b.test\nStatus: 5.1.1",
            "a.test\r\n\r\nFinal-Recipient: rfc822; c@d.test"
        );
        report.Recipients.ShouldHaveSingleItem().Status.ShouldBeNull();
    }
}
