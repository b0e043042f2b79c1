using System.Text.RegularExpressions;

namespace BounceMx.Verp.Tests;

/// <summary>What docs/verp-forms.md says is so.</summary>
public sealed partial class FormsPageTests
{
    private const string OurDomain = "bounces.example.com";
    private static readonly string Page = File.ReadAllText(FindFile("docs", "verp-forms.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Lists_every_built_in_template_with_its_patterns() =>
        Rows("Built-in templates")
            .Select(cells =>
                (Codes(cells[0]).Single(), cells[1].StartsWith("yes", StringComparison.Ordinal), string.Join(' ', Codes(cells[2])))
            )
            .ShouldBe(
                BuiltInTemplates.All.Select(template =>
                    (template.Name, template.IsDefault, string.Join(' ', template.Patterns.Select(pattern => pattern.Text)))
                )
            );

    [Fact]
    public void The_packages_README_names_every_template_by_default_and_by_name()
    {
        string section = File.ReadAllText(FindFile("src", "BounceMx.Verp", "README.md"))
            .Split("## Other programs' forms")[1]
            .Split("\n## ")[0];
        string line = section.Split("\n- ").Single(item => item.Contains("by default", StringComparison.Ordinal)).ReplaceLineEndings(" ");
        string[] halves = line.Split(';');
        Names(halves[0]).ShouldBe(BuiltInTemplates.All.Where(template => template.IsDefault).Select(template => template.Name));
        Names(halves[1]).ShouldBe(BuiltInTemplates.All.Where(template => !template.IsDefault).Select(template => template.Name));

        static IEnumerable<string> Names(string text) => Codes(text).Where(name => name != TemplateSet.None && !name.Contains('.'));
    }

    [Fact]
    public void Says_where_each_syntax_comes_from() => Rows("Built-in templates").ShouldAllBe(cells => cells[4].Length > 0);

    [Fact]
    public void Its_example_of_each_template_is_read_by_it()
    {
        var codec = new VerpCodec(
            new VerpOptions { Prefix = "b", Templates = [.. BuiltInTemplates.All.Select(template => template.Name)] }
        );
        Rows("Built-in templates")
            .Select(cells => codec.Decode(Codes(cells[3]).Single(), OurDomain).Template)
            .ShouldBe(BuiltInTemplates.All.Select(template => template.Name));
    }

    [Fact]
    public void Its_examples_of_layers_are_peeled()
    {
        var codec = new VerpCodec(new VerpOptions { Domains = [OurDomain] });
        foreach (string[] cells in Rows("Layers"))
        {
            VerpDecoding decoding = codec.Decode(Codes(cells[1]).Single(), OurDomain);
            (decoding.Layers[0].ToString(), decoding.ToAddress()?.Recipient).ShouldBe((Codes(cells[0]).Single(), "user@example.org"));
        }
    }

    [Fact]
    public void Names_every_layer() =>
        Rows("Layers")
            .Select(cells => Codes(cells[0]).Single())
            .Distinct()
            .ShouldBe(Enum.GetNames<VerpLayer>().Except([nameof(VerpLayer.None)]), ignoreOrder: true);

    [Fact]
    public void The_fields_that_it_shows_are_fields() =>
        Rows("Templates of your own")
            .SelectMany(cells => Codes(cells[0]))
            .Except(["{local}", "{domain}"])
            .Where(field => TemplateSyntax.Parse("", $"x{field}", out _) is null)
            .ShouldBeEmpty();

    [Fact]
    public void The_error_that_it_shows_is_the_one_at_start()
    {
        VerpOptionsFault fault = new VerpOptions { Templates = ["bounce-{list}-{local}={domain}", "bounce-{campaign}-{local}={domain}"] }
            .Check()
            .ShouldHaveSingleItem();
        Page.ShouldContain($"Verp:{fault.Name} is \"{fault.Value}\"; allowed: {fault.Allowed}.");
    }

    [Fact]
    public void The_parting_that_it_shows_is_so()
    {
        VerpAddress address = new VerpCodec(new VerpOptions { Templates = ["bounce-{list}-{local}={domain}"] })
            .Decode("bounce-a-b-c=example.org", OurDomain)
            .ToAddress()!;
        (address.Recipient, address.Tags.Single()).ShouldBe(("b-c@example.org", "a"));
    }

    /// <summary>The cells of the rows of a section's table, without its head.</summary>
    private static List<string[]> Rows(string section) =>
        [
            .. Page.Split($"\n## {section}\n")[1]
                .Split("\n## ")[0]
                .Split('\n')
                .Where(line => line.StartsWith('|'))
                .Skip(2)
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];

    private static IEnumerable<string> Codes(string cell) => Code().Matches(cell).Select(match => match.Value);

    private static string FindFile(params ReadOnlySpan<string> path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent;
        return Path.Combine([folder?.FullName ?? throw new DirectoryNotFoundException("BounceMx.sln"), .. path]);
    }

    [GeneratedRegex("(?<=`)[^` ]+(?=`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
