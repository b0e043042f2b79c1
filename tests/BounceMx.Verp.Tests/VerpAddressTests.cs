namespace BounceMx.Verp.Tests;

public sealed class VerpAddressTests
{
    [Fact]
    public void Is_equal_when_recipient_and_tags_are() =>
        new VerpAddress("user@example.org", ["a", "b"]).ShouldBe(new VerpAddress("user@example.org", ["a", "b"]));

    [Theory]
    [InlineData("other@example.org", "a")]
    [InlineData("user@example.org", "A")]
    public void Differs_by_recipient_and_by_a_tags_case(string recipient, string tag) =>
        new VerpAddress(recipient, [tag]).ShouldNotBe(new VerpAddress("user@example.org", ["a"]));
}
