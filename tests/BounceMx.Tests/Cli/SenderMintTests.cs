using BounceMx.Cli;
using BounceMx.Verp;

namespace BounceMx.Tests.Cli;

public sealed class SenderMintTests
{
    [Theory]
    [InlineData("user", EncodingFault.NoDomain)]
    [InlineData("@example.test", EncodingFault.NoLocalPart)]
    [InlineData("user@a..test", EncodingFault.InvalidDomain)]
    [InlineData("us\u0007er@example.test", EncodingFault.ControlCharacter)]
    [InlineData("\"user@example.test", EncodingFault.InvalidQuotes)]
    public void Says_in_words_what_is_wrong_with_a_recipient(string recipient, EncodingFault fault)
    {
        var codec = new VerpCodec(new VerpOptions());
        codec.Encode(recipient, "b.test").Fault.ShouldBe(fault);

        new SenderMint(codec, "b.test", []).Mint(recipient, [], out string problem).ShouldBeNull();

        problem.ShouldStartWith("the recipient");
    }

    [Fact]
    public void Has_words_for_every_fault()
    {
        foreach (EncodingFault fault in Enum.GetValues<EncodingFault>().Where(fault => fault is not EncodingFault.None))
            SenderMint.Describe(fault).ShouldNotBeNullOrEmpty();
    }
}
