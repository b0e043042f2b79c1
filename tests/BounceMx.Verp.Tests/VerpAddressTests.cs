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

    [Fact]
    public void Differs_by_the_recipient_s_hash() =>
        new VerpAddress(null, []) { RecipientHash = "a" }.ShouldNotBe(new VerpAddress(null, []) { RecipientHash = "b" });

    [Fact]
    public void Is_equal_when_the_fields_are() => WithFields(("list", "a"), ("n", "1")).ShouldBe(WithFields(("n", "1"), ("list", "a")));

    [Fact]
    public void Differs_by_a_field_s_value_name_or_absence()
    {
        WithFields(("list", "a")).ShouldNotBe(WithFields(("list", "b")));
        WithFields(("list", "a")).ShouldNotBe(WithFields(("lost", "a")));
        WithFields(("list", "a")).ShouldNotBe(WithFields(("list", "a"), ("n", "1")));
        WithFields(("list", "a")).ShouldNotBe(new VerpAddress(null, []));
        new VerpAddress(null, []).ShouldNotBe(WithFields(("list", "a")));
    }

    [Fact]
    public void Equal_addresses_have_one_hash_code() =>
        new VerpAddress("user@example.org", ["a"]).GetHashCode().ShouldBe(new VerpAddress("user@example.org", ["a"]).GetHashCode());

    private static VerpAddress WithFields(params (string Name, string Value)[] fields) =>
        new(null, []) { Fields = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal) };
}
