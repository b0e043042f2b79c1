using System.Globalization;
using System.Text;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

public sealed class PhrasesTests
{
    [Theory]
    [InlineData("the mailbox is FULL", 12)]
    [InlineData("le message est Refusé par le serveur", 15)]
    [InlineData("ящик переполнен", 9)]
    [InlineData("refusé, full", 0)]
    [InlineData("nothing of it", -1)]
    [InlineData("rien n'est marqué", -1)]
    public void Tells_where_the_first_phrase_stands(string text, int octets) =>
        new Phrases("is full", "full", "refusé", "переполнен").IndexIn(Widen(text)).ShouldBe(octets);

    [Fact]
    public void Takes_the_phrase_that_begins_first_even_where_another_ends_first() =>
        new Phrases("é a b c", "a b").IndexIn(Widen("é a b c")).ShouldBe(0);

    [Fact]
    public void Takes_of_two_phrases_outside_ASCII_the_one_that_begins_first_even_where_the_other_ends_first() =>
        new Phrases("xx é yy zz", "é yy").IndexIn(Widen("xx é yy zz")).ShouldBe(0);

    [Theory]
    [InlineData(0)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(199)]
    public void Finds_each_of_more_phrases_than_are_looked_for_at_once(int number)
    {
        string[] all = [.. Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"phrase {i:000}"))];
        new Phrases(all).StandIn(Encoding.UTF8.GetBytes($"a text with {all[number]} in it")).ShouldBeTrue();
    }

    private static string Widen(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
