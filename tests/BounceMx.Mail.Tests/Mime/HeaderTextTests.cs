using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Tests.Mime;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("=?utf-8?Q?Caf=C3=A9_au_lait?=", "Café au lait")]
    [InlineData("=?UTF-8?b?Q2Fmw6k=?=", "Café")]
    [InlineData("=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?=", "Café")]
    [InlineData("=?utf-8?Q?a?=\n =?iso-8859-1?Q?=E9?= b", "aé b")]
    [InlineData("=?utf-8*en?Q?a?=", "a")]
    [InlineData("plain =?utf-8?Q?b?= text", "plain b text")]
    [InlineData("=?uft-8?Q?Caf=C3=A9?=", "Café")]
    [InlineData("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト")]
    [InlineData("=?cp932?B?g2WDWINn?=", "テスト")]
    [InlineData("=?utf-8?Q?with space?=", "with space")]
    public void Decodes_encoded_words(string value, string expected) => Decode(value).ShouldBe(expected);

    [Theory]
    [InlineData("=?utf-8?Q?unfinished")]
    [InlineData("=?utf-8?X?what?=")]
    [InlineData("=?no-such-charset?Q?text?=")]
    [InlineData("=?utf-8?=")]
    [InlineData("a =? b ?= c")]
    public void Leaves_broken_encoded_words_as_they_are(string value) => Decode(value).ShouldBe(value);

    [Fact]
    public void Reads_raw_latin_1_where_it_is_no_utf_8()
    {
        byte[] raw = Encoding.Latin1.GetBytes("Subject: Grüße\n\n");

        MimeReader.Read(raw).Headers.Decode("Subject"u8).ShouldBe("Grüße");
    }

    [Theory]
    [InlineData("x; name=plain", "plain")]
    [InlineData("x; name=\"qu\\\"oted; text\"", "qu\"oted; text")]
    [InlineData("x; other=\"name=no\"; NAME=yes", "yes")]
    [InlineData("x; name*0=one; name*1=two", "onetwo")]
    [InlineData("x; name*1=two; name*0=one", "onetwo")]
    [InlineData("x; name*=utf-8''caf%C3%A9", "café")]
    [InlineData("x; name*0*=iso-8859-1'fr'caf%E9; name*1=\" noir\"", "café noir")]
    [InlineData("x;\n name=folded ; a=b", "folded")]
    [InlineData("x; name=", "")]
    [InlineData("x; name*=utf-8''a%zz%4", "a%zz%4")]
    public void Reads_parameters(string value, string expected) => Type(value).Parameter("name"u8).ShouldBe(expected);

    [Theory]
    [InlineData("x")]
    [InlineData("x; names=no")]
    [InlineData("x; name")]
    [InlineData("x; name*1=two")]
    [InlineData("x; name*64=far")]
    public void Finds_no_parameter_where_there_is_none(string value) => Type(value).Parameter("name"u8).ShouldBeNull();

    [Theory]
    [InlineData("Text/Plain; charset=x")]
    [InlineData(" text/plain ")]
    [InlineData("\"text/plain\"")]
    [InlineData("text/plain (comment)")]
    public void Compares_the_media_type_without_its_trimmings(string value) => Type(value).Is("text/plain"u8).ShouldBeTrue();

    private static string? Decode(string value) =>
        MimeReader.Read(Encoding.UTF8.GetBytes($"Subject: {value}\n\n")).Headers.Decode("Subject"u8);

    private static ContentType Type(string value) => MimeReader.Read(Encoding.UTF8.GetBytes($"Content-Type: {value}\n\n")).ContentType;
}
