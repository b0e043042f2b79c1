namespace BounceMx.Verp.Tests;

/// <summary>
/// What is decided at RCPT time costs no memory, so that a flood leaves nothing behind to clean up: not even in code that is not yet
/// optimised, as tests run it.
/// </summary>
public sealed class AllocationTests
{
    private static readonly ManualTime Time = new("2026-03-02T12:00:00Z");
    private static readonly VerpCodec Codec = Keys.Codec(Time, Keys.Of('1'), Keys.Of('2'));

    [Theory]
    [InlineData("user@example.org")]
    [InlineData("user@example.net")]
    [InlineData("user@bounces.example.com")]
    [InlineData("bounces@bounces.example.com")]
    [InlineData("bounces-news@bounces.example.com")]
    [InlineData("bounces+user=example.org@bounces.example.com")]
    [InlineData("bounces+user=example.org+spring+list-7@bounces.example.com")]
    [InlineData("bounces+jörg=bücher.example+0123456789abcdefg@bounces.example.com")]
    [InlineData("bounces+john doe=example.org@bounces.example.com")]
    [InlineData("bounces+=j=c3=b6rg=40example.org@bounces.example.com")]
    [InlineData("bounces+~0123456789abcdef@bounces.example.com")]
    [InlineData("bounces+user=example.org+1k122222222222222@bounces.example.com")]
    [InlineData("bounces+user=example.org+3k122222222222222@bounces.example.com")]
    [InlineData("bounces+user=example.org+x+@bounces.example.com")]
    [InlineData("bounces+user=exa_mple.org@bounces.example.com")]
    [InlineData("bounces+=user=40i=e2=9d=a4.ws@bounces.example.com")]
    [InlineData("a-return-5-user=example.org@bounces.example.com")]
    [InlineData("list-bounces+user=example.org@bounces.example.com")]
    [InlineData("SRS0=K9aZ=7T=bounces.example.com=bounces+user=example.org@forwarder.example")]
    [InlineData("SRS0=K9aZ=7T=bounces.example.com=bounces+user=example.org@bounces.example.com")]
    [InlineData("prvs=0123a1b2c3=bounces+user=example.org@bounces.example.com")]
    public void Decoding_allocates_nothing(string address) => Allocated(address).ShouldBe(0);

    [Theory]
    [InlineData("user@example.org", 0)]
    [InlineData("user@example.org", 60)]
    [InlineData("jörg@example.org", 0)]
    [InlineData("a-local-part-of-many-letters@example.org", 0)]
    public void Verifying_allocates_nothing(string recipient, int days)
    {
        Time.Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        string address = Codec.Mint(recipient);
        Time.Now += TimeSpan.FromDays(days);
        Allocated(address).ShouldBe(0);
    }

    [Fact]
    public void Confirming_allocates_nothing()
    {
        var hashed = new VerpAddress(null, []) { RecipientHash = "0123456789abcdef" };
        Codec.Confirms(hashed, "user@example.org").ShouldBeFalse();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Codec.Confirms(hashed, "user@example.org");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    // A few times before it is counted: the first call of anything allocates, and more than once where code is compiled anew.
    private static long Allocated(string address)
    {
        for (int i = 0; i < 3; i++)
            _ = Codec.Decode(address);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Codec.Decode(address);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
