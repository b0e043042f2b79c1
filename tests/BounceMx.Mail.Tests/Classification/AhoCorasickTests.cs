using BounceMx.Mail.Classification;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Mail.Tests.Classification;

public sealed class AhoCorasickTests
{
    [Fact]
    public void Finds_literals_that_overlap_and_contain_each_other() =>
        Find("ushers", "he", "she", "his", "hers").ShouldBe(["she@1", "he@2", "hers@2"]);

    [Fact]
    public void Ignores_case() => Find("User UNKNOWN", "user unknown").ShouldBe(["user unknown@0"]);

    [Fact]
    public void Ignores_case_beyond_ASCII() => Find("ГРУППА Ä", "группа", "ä").ShouldBe(["группа@0", "ä@7"]);

    [Fact]
    public void Finds_nothing_in_nothing() => Find("", "a").ShouldBeEmpty();

    [Fact]
    public void Finds_nothing_without_literals() => Find("anything").ShouldBeEmpty();

    [Fact]
    public void Finds_what_a_naive_search_finds()
    {
        // Two letters only, so that literals share, contain and continue each other.
        Gen<string> word = Gen.Elements('a', 'b').NonEmptyListOf().Select(letters => string.Concat(letters));
        Gen<(string[], string)> input =
            from literals in word.Select(w => w[..Math.Min(w.Length, 5)]).ArrayOf()
            from text in word
            select (literals.Distinct(StringComparer.Ordinal).ToArray(), text);

        Prop.ForAll(input.ToArbitrary(), x => Find(x.Item2, x.Item1).Order().SequenceEqual(FindNaively(x.Item2, x.Item1).Order()))
            .QuickCheckThrowOnFailure();
    }

    private static List<string> Find(string text, params string[] literals)
    {
        List<string> found = [];
        foreach (AhoCorasick.Hit hit in new AhoCorasick(literals).Find(text))
        {
            hit.End.ShouldBe(hit.Start + literals[hit.Literal].Length);
            found.Add($"{literals[hit.Literal]}@{hit.Start}");
        }
        return found;
    }

    private static IEnumerable<string> FindNaively(string text, string[] literals) =>
        from literal in literals
        from start in Enumerable.Range(0, text.Length)
        where text.AsSpan(start).StartsWith(literal, StringComparison.Ordinal)
        select $"{literal}@{start}";
}
