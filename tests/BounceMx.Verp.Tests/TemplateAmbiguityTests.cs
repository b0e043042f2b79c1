using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Verp.Tests;

/// <summary>No address is read in two ways: what could be is a fault at start, or a rule says who reads it.</summary>
public sealed class TemplateAmbiguityTests
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(5000);
    private static readonly string[] Types = ["", "", ":name", ":number", ":hex", ":hex2", ":number1"];

    /// <summary>Templates of few letters, so that many pairs of them overlap.</summary>
    private static readonly Gen<VerpTemplate> Templates =
        from before in Gen.Elements("", "", "a", "b-", "bounces+", "b+", "prvs=")
        from fields in Gen.Choose(1, 3).SelectMany(count => Gen.Elements(Types).ArrayOf(count))
        from texts in Gen.Elements("-", ".", "=", "+", "a", "1", "-ret-", "-own-", "==", "-a-").ArrayOf(3)
        from recipient in Gen.Elements("", "-{local}={domain}", "+{local}={domain}", "={domain}-={local}", "-{local}={domain}=a", "z")
        let text = before
            + string.Concat(fields.Select((type, i) => $"{{f{i}{type}}}" + (i < fields.Length - 1 ? texts[i] : "")))
            + recipient
        let template = TemplateSyntax.Parse(text, text, out _)
        where template is not null
        select template;

    private static readonly Gen<(VerpTemplate One, VerpTemplate Other)> Pairs = Templates.Two().Select(pair => (pair.Item1, pair.Item2));

    private static readonly Gen<(VerpTemplate One, VerpTemplate Other, string LocalPart)> PairsWithAnAddress =
        from pair in Pairs
        from localPart in AddressesOf(pair.One)
        select (pair.One, pair.Other, localPart);

    private static readonly VerpTemplate[] BuiltIn = [.. BuiltInTemplates.All.SelectMany(template => template.Patterns)];

    [Fact]
    public void The_built_in_templates_live_together() =>
        BuiltIn.SelectMany(_ => BuiltIn, TemplateSet.FindCommon).ShouldAllBe(example => example == null);

    [Fact]
    public void The_built_in_templates_read_nothing_that_begins_as_a_layer_does() =>
        BuiltIn
            .Where(template => template.Beginning is TemplateBeginning.Text)
            .SelectMany(
                _ => VerpWrapper.Automata,
                (template, layer) => AddressAutomaton.FindCommon(template.Automaton, layer.Addresses, inStep: false)
            )
            .ShouldAllBe(example => example == null);

    [Fact]
    public void All_built_in_templates_on_by_default_are_active_but_for_the_one_that_looks_like_our_own_form() =>
        new VerpCodec(new VerpOptions()).Templates.ShouldBe(
            BuiltInTemplates.All.Where(template => template.IsDefault && template.Name != "sendgrid").Select(template => template.Name)
        );

    [Fact]
    public void Templates_that_say_different_things_live_together() =>
        new VerpOptions
        {
            Templates =
            [
                "ezmlm",
                "mailman",
                "bounce-{list}-{local}={domain}",
                "{list}-back-{number}-{local}={domain}",
                "{campaign}.{list}.{subscriber}",
                "v{token:uuid}",
            ],
        }
            .Check()
            .ShouldBeEmpty();

    [Theory]
    [InlineData("bounce-{list}-{local}={domain}", "bounce-{campaign}-{local}={domain}", "bounce-a-a=a")]
    [InlineData("{campaign}.{list}.{subscriber}", "{list}.{campaign}.{subscriber}", "a.a.a")]
    [InlineData("{a}-{local}={domain}", "{b}.{local}={domain}", "a-.a=a")]
    [InlineData("{list}-return-{number}-{local}={domain}", "{list}-return-{id}-{local}={domain}", "a-return-0-a=a")]
    [InlineData("x-{a:hex}", "x-{b:number3}", "x-000")]
    [InlineData("ezmlm", "{list}-return-{number}-{local}={domain}", "a-return-0-a=a")]
    public void Two_templates_that_could_read_one_address_are_a_fault_naming_both(string one, string other, string example)
    {
        VerpOptionsFault fault = new VerpOptions { Templates = [one, other] }
            .Check()
            .ShouldHaveSingleItem();
        (fault.Name, fault.Value).ShouldBe(("Templates:1", other));
        fault.Allowed.ShouldContain($"\"{one}\"");
        fault.Allowed.ShouldContain(example);
    }

    [Theory]
    [InlineData("sendgrid", "bounces+0-a-a=a")]
    [InlineData("bounces+{campaign}-{local}={domain}", "bounces+a-a=a")]
    [InlineData("bounces+{a}={b}", "bounces+a=a")]
    [InlineData("bounces+~{hash}", "bounces+~")]
    [InlineData("{list}+{local}={domain}", "bounces+a=a")]
    [InlineData("{list}+sub-{local}={domain}", "bounces+sub-a=a")]
    [InlineData("{local}={domain}", "bounces+a=a")]
    public void A_template_that_could_read_our_own_form_is_a_fault(string template, string example)
    {
        VerpOptionsFault fault = new VerpOptions { Templates = [template] }
            .Check()
            .ShouldHaveSingleItem();
        (fault.Name, fault.Value).ShouldBe(("Templates:0", template));
        fault.Allowed.ShouldContain("the own form");
        fault.Allowed.ShouldContain(example);
    }

    [Theory]
    [InlineData("prvs={tag}", "prvs")]
    [InlineData("SRS0-{tag}", "SRS0")]
    [InlineData("{list}={hash}={day}={local}={domain}", "SRS0")]
    [InlineData("{tag}=={local}={domain}", "SRS0")]
    public void A_template_that_could_read_a_layer_is_a_fault(string template, string layer) =>
        new VerpOptions { Templates = [template] }
            .Check()
            .ShouldHaveSingleItem()
            .Allowed.ShouldContain(layer);

    [Theory]
    [InlineData("{a}-{b}", "bounces-a")]
    [InlineData("{a}-news", "bounces-news")]
    [InlineData("bounces-{list}", "bounces-a")]
    [InlineData("{list}", "bounces-a")]
    public void A_template_that_could_read_a_plain_stream_is_a_fault(string template, string example)
    {
        string allowed = new VerpOptions { Templates = [template] }
            .Check()
            .ShouldHaveSingleItem()
            .Allowed;
        allowed.ShouldContain("stream");
        allowed.ShouldContain(example);
    }

    [Theory]
    [InlineData("{campaign}.{list}.{subscriber}", "bounces-a.b.c")]
    [InlineData("{list}-{local}={domain}", "bounces-user=example.org")]
    public void What_no_stream_is_called_may_be_a_template_s(string template, string localPart) =>
        new VerpCodec(new VerpOptions { Templates = [template] }).Decode(localPart, "example.com").Template.ShouldBe(template);

    [Fact]
    public void What_begins_as_SRS_is_no_list_whatever_stands_behind_it() =>
        new VerpCodec(new VerpOptions { Templates = ["{list}-{local}={domain}"] })
            .Decode("SRS0-user=example.org", "example.com")
            .Fault.ShouldBe(DecodingFault.Malformed);

    [Fact]
    public void A_default_gives_way_to_a_prefix() =>
        new VerpCodec(new VerpOptions { Prefix = "bounce" }).Templates.ShouldNotContain("sympa");

    [Fact]
    public void A_default_gives_way_to_a_template() =>
        new VerpCodec(new VerpOptions { Templates = ["bounce-{list}-{local}={domain}"] }).Templates.ShouldNotContain("numbered");

    [Fact]
    public void None_turns_the_defaults_off() =>
        new VerpCodec(new VerpOptions { Templates = ["none", "mailman"] }).Templates.ShouldBe(["mailman"]);

    [Fact]
    public void A_template_that_begins_with_text_is_asked_before_one_that_begins_with_a_field() =>
        new VerpCodec(new VerpOptions { Templates = ["ezmlm", "bounce-{list}-{local}={domain}"] })
            .Decode("bounce-a-return-5-user=example.org", "example.com")
            .ToAddress()!
            .Recipient.ShouldBe("return-5-user@example.org");

    [Fact]
    public void The_earlier_word_reads_even_where_the_other_template_is_configured() =>
        new VerpCodec(new VerpOptions { Templates = ["{list}-back-{local}={domain}"] })
            .Decode("a-return-5-b-back-user=example.org", "example.com")
            .Template.ShouldBe("ezmlm");

    [Fact]
    public void Of_two_that_begin_with_a_field_the_one_whose_word_comes_first_reads() =>
        new VerpCodec(new VerpOptions())
            .Decode("a-return-5-b-bounces+user=example.org", "example.com")
            .ToAddress()!
            .Recipient.ShouldBe("b-bounces+user@example.org");

    [Fact]
    public void One_with_a_word_behind_its_first_field_is_asked_before_one_without() =>
        new VerpCodec(new VerpOptions { Templates = ["{campaign}.{list}.{subscriber}"] })
            .Decode("a.b.c-return-5-", "example.com")
            .Template.ShouldBe("ezmlm");

    [Fact]
    public void The_example_of_two_ambiguous_templates_is_read_by_both() =>
        Check(
            Pairs,
            pair => TemplateSet.FindCommon(pair.One, pair.Other) is not { } example || AreBothMatched(pair.One, pair.Other, example)
        );

    [Fact]
    public void No_address_is_read_in_the_same_place_by_two_templates_that_are_not_ambiguous() =>
        Check(
            PairsWithAnAddress,
            x =>
                x.One.Text == x.Other.Text
                || x.One.Beginning != x.Other.Beginning
                || TemplateSet.FindCommon(x.One, x.Other) is not null
                || !x.One.Matches(x.LocalPart, out int lead)
                || !x.Other.Matches(x.LocalPart, out int otherLead)
                || lead != otherLead
        );

    [Fact]
    public void No_address_is_read_at_all_by_two_templates_that_have_nothing_in_common() =>
        Check(
            PairsWithAnAddress,
            x =>
                AddressAutomaton.FindCommon(x.One.Automaton, x.Other.Automaton, inStep: false) is { } example
                    ? AreBothMatched(x.One, x.Other, example)
                    : !AreBothMatched(x.One, x.Other, x.LocalPart)
        );

    [Fact]
    public void Our_own_form_reads_no_address_of_a_template_that_is_not_ambiguous_with_it()
    {
        AddressAutomaton[] own = TemplateSet.OwnAddresses("bounces", '+', '=');
        var codec = new VerpCodec(new VerpOptions { Templates = ["none"] });
        Check(
            from template in Templates
            from localPart in AddressesOf(template)
            select (template, localPart),
            x =>
                own.Select(form => AddressAutomaton.FindCommon(x.template.Automaton, form, inStep: false))
                    .FirstOrDefault(found => found is not null)
                    is { } example
                    ? codec.Decode(example, "example.com").Form is not VerpForm.None && x.template.Matches(example, out _)
                    : codec.Decode(x.localPart, "example.com").Form is VerpForm.None
        );
    }

    [Fact]
    public void A_template_reads_as_a_lazy_regular_expression_does() =>
        Check(
            PairsWithAnAddress,
            x =>
            {
                Match match = ToRegex(x.Other).Match(x.LocalPart);
                if (match.Success != x.Other.Matches(x.LocalPart, out _))
                    return false;
                return !match.Success || x.Other.Read(x.LocalPart).Fields!.All(field => match.Groups[field.Key].Value == field.Value);
            }
        );

    [Fact]
    public void No_strings_make_templates_throw() =>
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string, string>(
                (template, localPart) =>
                {
                    if (TemplateSyntax.Parse("", template ?? "", out _) is { } parsed && parsed.Matches(localPart, out _))
                        parsed.Read(localPart);
                    return new VerpOptions { Templates = [template!] }
                        .Check()
                        .All(fault => fault.Allowed.Length > 0);
                }
            )
        );

    private static bool AreBothMatched(VerpTemplate one, VerpTemplate other, string localPart) =>
        one.Matches(localPart, out _) && other.Matches(localPart, out _);

    /// <summary>Local parts that a template reads, of the characters that others use between their fields.</summary>
    private static Gen<string> AddressesOf(VerpTemplate template)
    {
        Gen<string> localPart = Gen.Constant(template.Literals[0]);
        for (int i = 0; i < template.Fields.Count; i++)
        {
            string literal = template.Literals[i + 1];
            FieldType type = template.Fields[i].Type;
            localPart = from before in localPart from value in ValuesOf(type) select before + value + literal;
        }
        return localPart;
    }

    private static Gen<string> ValuesOf(FieldType type)
    {
        if (type == FieldType.Domain)
            return Gen.Elements("a", "1", "a.b", "a-ret-1", "a--a.z");
        string[] pieces = [.. new[] { "a", "b", "1", "0", "-", ".", "=", "+", "z", "-ret-", "-own-", "==", "é" }.Where(Fits)];
        return type.Repeats
            ? from count in Gen.Choose(1, 4)
            from chosen in Gen.Elements(pieces).ArrayOf(count)
            select string.Concat(chosen)
            : Gen.Elements("a1", "00", "1b", "11").Select(text => text[..type.Characters.Length]).Where(text => type.IsFilledBy(text));

        bool Fits(string piece) => piece.All(type.Characters[0].Contains);
    }

    private static Regex ToRegex(VerpTemplate template)
    {
        string pattern = Regex.Escape(template.Literals[0]);
        for (int i = 0; i < template.Fields.Count; i++)
        {
            FieldType type = template.Fields[i].Type;
            string characters = Regex
                .Escape(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(type.Characters[0].Contains)))
                .Replace("-", "\\-", StringComparison.Ordinal)
                .Replace("]", "\\]", StringComparison.Ordinal);
            string others = type.Characters[0].Contains('é') ? "é" : "";
            string field =
                type == FieldType.Domain ? @"[a-z0-9é](?:[a-z0-9é-]*[a-z0-9é])?(?:\.[a-z0-9é](?:[a-z0-9é-]*[a-z0-9é])?)*"
                : type.Repeats ? $"[{characters}{others}]+?"
                : $"[{characters}]{{{type.Characters.Length}}}";
            pattern += $"(?<{template.Fields[i].Name}>{field}){Regex.Escape(template.Literals[i + 1])}";
        }
        return new Regex($"^{pattern}\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> property) =>
        FsCheck.Check.One(Thousands, Prop.ForAll(values.ToArbitrary(), property));
}
