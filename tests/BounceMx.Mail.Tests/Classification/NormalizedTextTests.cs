using BounceMx.Mail.Classification;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Mail.Tests.Classification;

public sealed class NormalizedTextTests
{
    [Theory]
    [InlineData("550-5.1.1 The account 550-5.1.1 does not exist. 550 5.1.1 Bye", "550-5.1.1 The account does not exist. Bye")]
    [InlineData("550-no 550-such 550 user", "550-no such user")]
    [InlineData("host said: 550-no 550 user", "host said: 550-no user")]
    [InlineData("550 no 550 user", "550 no 550 user")]
    [InlineData("421-4.7.0 a 550 b", "421-4.7.0 a 550 b")]
    [InlineData("  a\r\n\t b\u0007c ", "a b c")]
    [InlineData("550-", "550-")]
    [InlineData("550-no 550-", "550-no")]
    [InlineData("550-5.1.1 no 550 5.1.1", "550-5.1.1 no")]
    [InlineData("550-5.1.1 no 550 such user", "550-5.1.1 no such user")]
    [InlineData("host550-a 550-b", "host550-a 550-b")]
    [InlineData("5x0-a 5x0-b", "5x0-a 5x0-b")]
    [InlineData("", "")]
    public void The_lines_of_a_reply_become_one_sentence(string text, string expected) => Normalize(text).ShouldBe(expected);

    [Theory]
    [InlineData("550 5.1.1 no", "5.1.1")]
    [InlineData("550-5.1.1 no", "5.1.1")]
    [InlineData("no (#5.7.26)", "5.7.26")]
    [InlineData("5.1.1", "5.1.1")]
    [InlineData("said 5.1.1.", "5.1.1")]
    [InlineData("5.1.0 - Unknown address error 550-'5.2.2 <a@b.test> gone'", "5.2.2")]
    [InlineData("5.1.0 and 5.7.1", "5.1.0")]
    [InlineData("192.5.1.1", null)]
    [InlineData("5.1.1.4", null)]
    [InlineData("v5.1.1", null)]
    [InlineData("3.1.1", null)]
    [InlineData("5.1", null)]
    [InlineData("5.1.1234", null)]
    [InlineData("5.1.1x", null)]
    [InlineData("5.123", null)]
    [InlineData("5.12.", null)]
    [InlineData("5.x.1", null)]
    [InlineData("5.1x1", null)]
    [InlineData(".", null)]
    [InlineData(". 5.1.1", "5.1.1")]
    [InlineData("2.1.5 5.1.1", "5.1.1")]
    [InlineData("2.1.5 fine", "2.1.5")]
    [InlineData("5.1.1, gone", "5.1.1")]
    public void A_status_is_found_as_a_word_of_its_own(string text, string? expected) =>
        (NormalizedText.FindStatus(text)?.ToString()).ShouldBe(expected);

    [Fact]
    public void Nothing_behind_1024_characters_is_looked_at_whatever_the_room() =>
        NormalizedText.Normalize(new string('x', 2000), new char[2000]).ShouldBe(NormalizedText.MaxLength);

    [Fact]
    public void Nothing_throws_on_any_text() =>
        Prop.ForAll<string?>(text =>
            {
                string normal = Normalize(text ?? "");
                NormalizedText.FindStatus(normal);
                return normal.Length <= (text?.Length ?? 0);
            })
            .QuickCheckThrowOnFailure();

    private static string Normalize(string text)
    {
        Span<char> output = new char[NormalizedText.MaxLength];
        return output[..NormalizedText.Normalize(text, output)].ToString();
    }
}
