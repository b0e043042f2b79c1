namespace BounceMx.Verp.Tests;

public sealed class VerpKeyTests
{
    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(100, true)]
    public void A_secret_has_at_least_16_octets(int octets, bool valid)
    {
        Action make = () => _ = new VerpKey('1', new byte[octets]);
        if (valid)
            make.ShouldNotThrow();
        else
            make.ShouldThrow<ArgumentException>().ParamName.ShouldBe("secret");
    }

    [Theory]
    [InlineData('w')]
    [InlineData('W')]
    [InlineData('-')]
    [InlineData('/')]
    [InlineData(':')]
    [InlineData('`')]
    [InlineData('@')]
    [InlineData('é')]
    public void An_id_is_one_of_0_to_9_and_a_to_v(char id) =>
        Should.Throw<ArgumentException>(() => new VerpKey(id, new byte[16])).ParamName.ShouldBe("id");

    [Theory]
    [InlineData('0', '0')]
    [InlineData('9', '9')]
    [InlineData('a', 'a')]
    [InlineData('v', 'v')]
    [InlineData('A', 'a')]
    [InlineData('V', 'v')]
    public void An_id_is_kept_in_lower_case(char id, char kept) => new VerpKey(id, new byte[16]).Id.ShouldBe(kept);

    [Fact]
    public void As_text_it_shows_its_id_alone() => Keys.Of('7').ToString().ShouldBe("key 7");

    [Fact]
    public void The_secret_is_copied()
    {
        byte[] secret = new byte[16];
        var key = new VerpKey('1', secret);
        secret[0] = 1;
        key.ToKeyFileLine().ShouldBe("1:00000000000000000000000000000000");
    }

    [Fact]
    public void A_generated_key_has_32_octets_and_is_another_each_time()
    {
        string line = VerpKey.Generate('A').ToKeyFileLine();
        line.Length.ShouldBe(2 + 64);
        line.ShouldStartWith("a:");
        VerpKey.Generate('A').ToKeyFileLine().ShouldNotBe(line);
    }
}
