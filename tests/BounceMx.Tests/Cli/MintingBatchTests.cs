using BounceMx.Cli;
using BounceMx.Hosting;
using BounceMx.Verp;

namespace BounceMx.Tests.Cli;

public sealed class MintingBatchTests
{
    private readonly List<string> _faults = [];

    [Fact]
    public void Mints_a_line_for_each_line() =>
        Lines("user@example.test\nother@example.test\n").ShouldBe("bounces+user=example.test@b.test\nbounces+other=example.test@b.test\n");

    [Fact]
    public void The_last_line_needs_no_end() => Lines("user@example.test").ShouldBe("bounces+user=example.test@b.test\n");

    [Fact]
    public void Lines_may_end_in_CR_LF() => Lines("user@example.test\r\n").ShouldBe("bounces+user=example.test@b.test\n");

    [Fact]
    public void A_lone_CR_ends_no_line_so_that_the_next_lines_keep_their_places()
    {
        Lines("a@example.test\rb@example.test\nuser@example.test\n").ShouldBe("\nbounces+user=example.test@b.test\n");
        _faults.ShouldHaveSingleItem().ShouldStartWith("1: the recipient holds a control character");
    }

    [Fact]
    public void A_line_that_does_not_end_is_a_fault_and_does_not_fill_the_memory()
    {
        Lines(new string('x', 70_000) + "\nuser@example.test\n").ShouldBe("\nbounces+user=example.test@b.test\n");
        _faults.ShouldBe(["1: it has over 65536 characters"]);
    }

    [Fact]
    public void A_bad_line_is_told_by_its_number_and_leaves_an_empty_line()
    {
        Lines("user@example.test\nnobody\n\nother@example.test\n")
            .ShouldBe("bounces+user=example.test@b.test\n\n\nbounces+other=example.test@b.test\n");
        _faults.ShouldBe(["2: the recipient has no domain: nobody"]);
    }

    [Fact]
    public void An_empty_line_is_no_fault()
    {
        Lines("\n");

        _faults.ShouldBeEmpty();
    }

    [Fact]
    public void Text_that_was_not_UTF_8_is_a_fault()
    {
        Lines("j\uFFFDrg@example.test\n").ShouldBe("\n");
        _faults.ShouldHaveSingleItem().ShouldStartWith("1: the recipient is not UTF-8");
    }

    [Fact]
    public void Every_address_has_the_tags_that_were_given() =>
        Lines("user@example.test\n", "spring", "k7").ShouldBe("bounces+user=example.test+spring+k7@b.test\n");

    [Fact]
    public void CSV_keeps_its_columns_and_gets_one_more() =>
        Csv("id,recipient\n7,user@example.test\n")
            .ShouldBe("id,recipient,bounce_address\n7,user@example.test,bounces+user=example.test@b.test\n");

    [Fact]
    public void Columns_are_found_in_any_case_and_place() =>
        Csv("Recipient,Id\r\nuser@example.test,7\r\n")
            .ShouldBe("Recipient,Id,bounce_address\nuser@example.test,7,bounces+user=example.test@b.test\n");

    [Fact]
    public void Tags_stand_in_columns_behind_those_that_were_given() =>
        Csv("tag2,recipient,tag,tagline\nb,user@example.test,a,x\n,other@example.test,,\n", "all")
            .Split('\n')[1..3]
            .ShouldBe([
                "b,user@example.test,a,x,bounces+user=example.test+all+b+a@b.test",
                ",other@example.test,,,bounces+other=example.test+all@b.test",
            ]);

    [Fact]
    public void Quotes_commas_and_line_ends_in_a_cell_come_out_as_they_went_in()
    {
        const string Cells = "\"Doe, \"\"J\"\"\",\"two\nlines\"";

        Csv($"name,note,recipient\n{Cells},user@example.test\n")
            .ShouldEndWith($"\n{Cells},user@example.test,bounces+user=example.test@b.test\n");
    }

    [Theory]
    [InlineData("one\rtwo")]
    [InlineData("one\r")]
    [InlineData("one\r\ntwo")]
    public void A_CR_in_a_cell_ends_no_row(string note) =>
        Csv($"note,recipient\n\"{note}\",user@example.test\n")
            .ShouldBe($"note,recipient,bounce_address\n\"{note}\",user@example.test,bounces+user=example.test@b.test\n");

    [Fact]
    public void A_column_of_that_name_is_filled() =>
        Csv("bounce_address,recipient\nold,user@example.test\n")
            .ShouldBe("bounce_address,recipient\nbounces+user=example.test@b.test,user@example.test\n");

    [Fact]
    public void A_bad_row_keeps_its_place_with_an_empty_cell()
    {
        Csv("id,recipient\n1,nobody\n2,user@example.test\n")
            .ShouldBe("id,recipient,bounce_address\n1,nobody,\n2,user@example.test,bounces+user=example.test@b.test\n");
        _faults.ShouldBe(["2: the recipient has no domain: nobody"]);
    }

    [Fact]
    public void A_short_row_is_filled_up() =>
        Csv("recipient,tag,note\nuser@example.test\n").ShouldEndWith("\nuser@example.test,,,bounces+user=example.test@b.test\n");

    [Theory]
    [InlineData("user@example.test,x,y", "user@example.test,x,y", "the row has 3 cells, the header 2")]
    [InlineData("user@example.test,a\"b", "user@example.test,\"a\"\"b\",", "a cell has a quote where none may be")]
    [InlineData("user@example.test,\uFFFD", "user@example.test,\uFFFD,", "the row is not UTF-8")]
    public void A_row_that_cannot_be_relied_on_gets_no_address(string row, string written, string fault)
    {
        Csv($"recipient,note\n{row}\n").ShouldEndWith($"\n{written}\n");
        _faults.ShouldBe([$"2: {fault}"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user@example.test\n")]
    [InlineData("id;recipient\n")]
    public void Without_a_column_of_recipients_there_is_nothing_to_do(string csv) =>
        Should.Throw<UsageException>(() => Csv(csv)).Message.ShouldContain("no column is named recipient");

    [Fact]
    public void A_quote_that_is_never_closed_does_not_fill_the_memory() =>
        Should
            .Throw<UsageException>(() => Csv($"recipient\n\"{new string('x', 70_000)}"))
            .Message.ShouldContain("is there a quote that is not closed?");

    private string Lines(string input, params string[] tags) => Run((batch, reader) => batch.MintLines(reader), input, tags);

    private string Csv(string input, params string[] tags) => Run((batch, reader) => batch.MintCsv(reader), input, tags);

    private string Run(Action<MintingBatch, TextReader> mint, string input, string[] tags)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var codec = new VerpCodec(new VerpOptions { Domains = ["b.test"] });
        var batch = new MintingBatch(
            new SenderMint(codec, "b.test", tags),
            output,
            (line, fault) => _faults.Add($"{line}: {fault}"),
            text => text
        );
        mint(batch, new StringReader(input));
        batch.HasFaults.ShouldBe(_faults.Count > 0);
        return output.ToString();
    }
}
