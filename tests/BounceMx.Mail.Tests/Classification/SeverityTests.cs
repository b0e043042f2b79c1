using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class SeverityTests
{
    [Fact]
    public void The_words_on_the_wire_are_lower_case() =>
        Enum.GetValues<Severity>().Select(severity => severity.ToWire()).ShouldBe(["none", "hard", "soft", "block", "undetermined"]);

    [Theory]
    [InlineData("")]
    [InlineData("Hard")]
    [InlineData("harder")]
    public void An_unknown_word_is_no_severity(string wire) => Severities.TryParse(wire, out _).ShouldBeFalse();
}
