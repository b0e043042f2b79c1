namespace BounceMx.Verp.Tests;

public sealed class TemplateSyntaxTests
{
    [Theory]
    [InlineData("bounce-{list}-{local}={domain}")]
    [InlineData("{list}-return-{number}-{local}={domain}")]
    [InlineData("{campaign}.{list}.{subscriber}")]
    [InlineData("{token:uuid}")]
    [InlineData("x-{a:name}-{b:number}-{c:hex}-{d:hex32}-{e:number1}-{f:name63}")]
    [InlineData("MAILTRAIN")]
    [InlineData("none")]
    public void Is_valid(string template) =>
        new VerpOptions { Templates = [template] }
            .Check()
            .ShouldBeEmpty();

    [Theory]
    [InlineData("", "a template of 1 to 128 characters")]
    [InlineData("ezmlmm", "ezmlm, mailman")]
    [InlineData("bounce-", "or a template with {fields}")]
    [InlineData("x-{a}{b}", "text between two fields")]
    [InlineData("{local}{domain}", "text between two fields")]
    [InlineData("x-{a", "a closing brace")]
    [InlineData("x-{a}-{b", "a closing brace")]
    [InlineData("x-a}-{b}", "an opening brace")]
    [InlineData("x-{a{b}}", "letters, digits, _ and -")]
    [InlineData("x-{}", "in braces a name")]
    [InlineData("x-{a b}", "in braces a name")]
    [InlineData("x-{1a}", "beginning with a letter")]
    [InlineData("x-{a:}", "the types name, number, hex")]
    [InlineData("x-{a:digits}", "the types name, number, hex")]
    [InlineData("x-{a:hex0}", "the types name, number, hex")]
    [InlineData("x-{a:hex64}", "the types name, number, hex")]
    [InlineData("x-{a:hex+1}", "the types name, number, hex")]
    [InlineData("x-{a:uuid2}", "the types name, number, hex")]
    [InlineData("x-{a}-{a}", "each name once")]
    [InlineData("x-{local:hex}={domain}", "{local} without a type")]
    [InlineData("x-{local}", "{local} and {domain} together")]
    [InlineData("x-{domain}", "{local} and {domain} together")]
    [InlineData("x-{local}-{domain}", "before and behind {domain}")]
    [InlineData("x-{local}={domain}-{a}", "before and behind {domain}")]
    [InlineData("x-{a}@example.com", "outside of braces")]
    [InlineData("x {a}", "outside of braces")]
    [InlineData("xä{a}", "outside of braces")]
    [InlineData("\"x\"{a}", "outside of braces")]
    [InlineData("x\0{a}", "outside of braces")]
    [InlineData("{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-{i}", "1 to 8 fields")]
    public void Says_what_is_allowed_instead(string template, string allowed)
    {
        VerpOptionsFault fault = new VerpOptions { Templates = ["qmail", template] }
            .Check()
            .ShouldHaveSingleItem();
        (fault.Name, fault.Value).ShouldBe(("Templates:1", template));
        fault.Allowed.ShouldContain(allowed);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Has_at_most_128_characters(int length, bool valid) =>
        new VerpOptions { Templates = [new string('x', length - 3) + "{a}"] }
            .Check()
            .Count.ShouldBe(valid ? 0 : 1);

    [Fact]
    public void A_name_that_is_a_types_is_of_that_type()
    {
        var codec = new VerpCodec(new VerpOptions { Templates = ["x-{number}"] });
        codec.Decode("x-12", "example.com").Form.ShouldBe(VerpForm.Template);
        codec.Decode("x-1a", "example.com").IsAccepted.ShouldBeFalse();
    }
}
