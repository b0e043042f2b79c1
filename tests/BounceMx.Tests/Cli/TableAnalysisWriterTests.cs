using BounceMx.Cli;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Tests.Cli;

public sealed class TableAnalysisWriterTests
{
    [Fact]
    public void One_message_has_no_summary() => Write(Bounce("a", "one@b.test")).ShouldNotContain("messages");

    [Fact]
    public void Several_messages_are_summed_up()
    {
        string text = Write(Bounce("a", "one@b.test", "two@B.Test"), Bounce("b", "three@c.test"), Other("c"));
        text.ShouldContain("3 messages, 3 recipients");
        Lines(text).ShouldContain(line => line.StartsWith("  bounce 2 user_unknown 3 remove 3 b.test 2", StringComparison.Ordinal));
        Lines(text)
            .ShouldContain(line =>
                line.Contains("other 1", StringComparison.Ordinal) && line.Contains("c.test 1", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void The_ten_most_frequent_domains_are_named_and_the_others_counted()
    {
        string text = Write([.. Enumerable.Range(0, 12).Select(i => Bounce($"{i}", $"a@d{i:00}.test")), Bounce("twice", "a@d11.test")]);
        text.ShouldContain("d11.test");
        text.ShouldContain("d08.test");
        Lines(text).Count(line => line.Contains("d09.test 1", StringComparison.Ordinal)).ShouldBe(0);
        Lines(text).ShouldContain(line => line.EndsWith("2 others 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Ordinary_mail_alone_is_summed_up_by_kind()
    {
        string text = Write(Other("a"), Other("b"));
        text.ShouldContain("2 messages, 0 recipients");
        text.ShouldNotContain("advice");
    }

    [Fact]
    public void A_recipient_that_is_no_address_has_no_domain() => Write(Bounce("a", "|/bin/x"), Other("b")).ShouldContain("(none)");

    [Fact]
    public void A_domain_without_end_is_cut() =>
        Write(Bounce("a", "a@" + new string('x', 1000)), Other("b")).ShouldContain(" " + new string('x', 40) + "… ");

    [Fact]
    public void Nothing_has_no_table() => Write().ShouldBeEmpty();

    [Fact]
    public void A_long_table_comes_in_pages_each_announced()
    {
        int pages = 0;
        var text = new StringWriter();
        using (var writer = new TableAnalysisWriter(Consoles.Plain(text), () => pages++))
        {
            for (int i = 0; i < 1200; i++)
                writer.Write(Other($"{i}"));
            pages.ShouldBe(2);
        }
        pages.ShouldBe(3);
    }

    [Fact]
    public void Terminal_escapes_of_a_mail_are_not_written() =>
        Write(Bounce("\e[31m", "\e]0;x\a@\e[2J"), Other("\a")).Where(char.IsControl).ShouldAllBe(c => c == '\n');

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => "  " + string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    private static Analysis Bounce(string file, params string[] recipients) =>
        new(
            file,
            new DeliveryReport
            {
                Kind = ReportKind.Bounce,
                Recipients = [.. recipients.Select(r => new RecipientStatus { Recipient = r, RecipientSource = RecipientSource.Text })],
            },
            [.. recipients.Select(_ => new Verdict(BounceReason.UserUnknown, Severity.Hard, "x.rule", ""))]
        );

    private static Analysis Other(string file) => new(file, new DeliveryReport { Kind = ReportKind.Other, Recipients = [] }, []);

    private static string Write(params Analysis[] analyses)
    {
        var text = new StringWriter { NewLine = "\n" };
        using (var writer = new TableAnalysisWriter(Consoles.Plain(text), () => { }))
        {
            foreach (Analysis analysis in analyses)
                writer.Write(analysis);
        }
        return text.ToString();
    }
}
