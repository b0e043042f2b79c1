using System.Buffers;
using System.Net;
using BounceMx.Smtp.Proxy;
using FsCheck;
using FsCheck.Fluent;
using static BounceMx.Smtp.Tests.Proxy.ProxyHeaders;

namespace BounceMx.Smtp.Tests.Proxy;

/// <summary>PROXY protocol 1 (section 2.1 of haproxy's proxy-protocol.txt) and 2 (section 2.2).</summary>
public sealed class ProxyHeaderParserTests
{
    private const string LongAddress = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    public static TheoryData<int> EachValid => [.. Enumerable.Range(0, Valid.Length)];

    [Theory]
    [InlineData("TCP4 192.0.2.1 198.51.100.1 56324 25", "192.0.2.1:56324")]
    [InlineData("TCP4 0.0.0.0 255.255.255.255 0 65535", "0.0.0.0:0")]
    [InlineData("TCP6 2001:db8::1 2001:DB8::2 65535 0", "[2001:db8::1]:65535")]
    [InlineData("TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.1 1 25", "192.0.2.1:1")]
    [InlineData("TCP6 ::ffff:c000:201 ::1 1 25", "192.0.2.1:1")]
    [InlineData($"TCP6 {LongAddress} {LongAddress} 65535 65535", $"[{LongAddress}]:65535")]
    public void Reads_the_source_of_a_line(string line, string source)
    {
        byte[] octets = Version1($"PROXY {line}\r\n");
        (OperationStatus status, ProxyHeader header, _) = Parse(octets);
        status.ShouldBe(OperationStatus.Done);
        header.ShouldBe(new ProxyHeader(octets.Length, IPEndPoint.Parse(source)));
    }

    [Theory]
    [InlineData("UNKNOWN")]
    [InlineData("UNKNOWN ")]
    [InlineData("UNKNOWN 192.0.2.1 198.51.100.1 56324 25")]
    [InlineData("UNKNOWN \0\t\xff  whatever")]
    public void UNKNOWN_names_no_source(string line)
    {
        (OperationStatus status, ProxyHeader header, _) = Parse(Version1($"PROXY {line}\r\n"));
        status.ShouldBe(OperationStatus.Done);
        header.Source.ShouldBeNull();
    }

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 x\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 x y\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4\t192.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY tcp4 192.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY unknown\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP4 ::ffff:192.0.2.1 ::ffff:192.0.2.2 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.01 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.513 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 3221225985 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 0xc0.0.2.1 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::1] 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP6 2001:db8::1/64 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP6 2001::db8::1 2001:db8::2 56324 25\r\n")]
    [InlineData("PROXY TCP4 mx.bounces.test 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 056324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 00 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 +1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 -1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 0x1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\rx\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\r\n")]
    [InlineData("PROXY UNKNOWN \n\r\n")]
    public void Refuses_a_line_that_is_not_to_the_letter(string line) => Parse(Version1(line)).Status.ShouldBe(OperationStatus.InvalidData);

    [Theory]
    [InlineData(107, OperationStatus.Done)]
    [InlineData(108, OperationStatus.InvalidData)]
    public void Limits_a_line_to_107_octets(int length, OperationStatus status)
    {
        byte[] octets = Version1("PROXY UNKNOWN " + new string('x', length - 16) + "\r\n");
        octets.Length.ShouldBe(length);
        Parse(octets).Status.ShouldBe(status);
    }

    [Fact]
    public void Waits_for_no_more_than_107_octets_of_a_line()
    {
        byte[] octets = Version1("PROXY " + new string('x', 100));
        Parse(octets.AsSpan(0, 105)).Status.ShouldBe(OperationStatus.NeedMoreData);
        Parse(octets).Status.ShouldBe(OperationStatus.InvalidData);
    }

    [Theory]
    [InlineData("EHLO client.test\r\n", 1)]
    [InlineData("Proxy UNKNOWN\r\n", 2)]
    [InlineData("PROXY\tUNKNOWN\r\n", 6)]
    [InlineData("PROXY\r\n", 6)]
    [InlineData("\r\nEHLO client.test\r\n", 3)]
    [InlineData("\n", 1)]
    [InlineData("\r\n\r\n\0\r\nQUIT\r\n", 12)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x11", 13)] // version 1
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x31", 13)] // version 3
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x22", 13)] // neither LOCAL nor PROXY
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x01", 14)] // a stream of no family
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x10", 14)] // IPv4 without transport
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x12", 14)] // datagrams
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x13", 14)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x22", 14)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x32", 14)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x41", 14)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0b", 16)] // shorter than two IPv4 addresses with ports
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x23", 16)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x31\0\xd7", 16)]
    public void The_first_octet_that_does_not_fit_decides(string octets, int deciding)
    {
        Parse(Version1(octets[..(deciding - 1)])).Status.ShouldBe(OperationStatus.NeedMoreData);
        Parse(Version1(octets[..deciding])).Status.ShouldBe(OperationStatus.InvalidData);
        Parse(Version1(octets)).Status.ShouldBe(OperationStatus.InvalidData);
    }

    [Fact]
    public void Reads_the_source_of_a_binary_header()
    {
        Parse(Version2(Proxied, Tcp4, Addresses4)).Header.ShouldBe(new ProxyHeader(28, IPEndPoint.Parse("192.0.2.1:56324")));
        Parse(Version2(Proxied, Tcp6, Addresses6)).Header.ShouldBe(new ProxyHeader(52, IPEndPoint.Parse("[2001:db8::1]:56324")));
    }

    [Fact]
    public void A_mapped_source_of_a_binary_header_is_one_of_IPv4()
    {
        byte[] addresses = [.. Addresses6];
        IPAddress.Parse("::ffff:192.0.2.1").TryWriteBytes(addresses, out _);
        Parse(Version2(Proxied, Tcp6, addresses)).Header.Source.ShouldBe(IPEndPoint.Parse("192.0.2.1:56324"));
    }

    [Theory]
    [InlineData(Local, Unspecified, 0)]
    [InlineData(Local, Unspecified, 100)]
    [InlineData(Local, Tcp4, 12)]
    [InlineData(Local, Tcp4, 0)] // all but the length is to be ignored
    [InlineData(Local, 0xff, 0)]
    [InlineData(Proxied, Unspecified, 0)]
    [InlineData(Proxied, Unspecified, 100)]
    [InlineData(Proxied, UnixStream, 216)]
    public void LOCAL_and_families_without_IP_name_no_source(byte command, byte family, int length)
    {
        (OperationStatus status, ProxyHeader header, _) = Parse(Version2(command, family, new byte[length]));
        status.ShouldBe(OperationStatus.Done);
        header.ShouldBe(new ProxyHeader(16 + length, null));
    }

    [Theory]
    [InlineData(4096, OperationStatus.Done)]
    [InlineData(4097, OperationStatus.InvalidData)]
    [InlineData(65_535, OperationStatus.InvalidData)]
    public void Limits_a_binary_header_to_4096_octets_behind_the_first_16(int rest, OperationStatus status)
    {
        byte[] octets = Version2(Proxied, Tcp4, [.. Addresses4, .. new byte[rest - 12]]);
        Parse(octets).Status.ShouldBe(status);
        Parse(octets.AsSpan(0, 16)).Status.ShouldBe(status == OperationStatus.Done ? OperationStatus.NeedMoreData : status);
    }

    [Theory]
    [MemberData(nameof(EachValid))]
    public void Wants_more_of_every_beginning_of_a_header(int valid)
    {
        byte[] octets = Valid[valid];
        for (int length = 0; length < octets.Length; length++)
        {
            (OperationStatus status, _, byte[] behind) = Parse(octets.AsSpan(0, length));
            status.ShouldBe(OperationStatus.NeedMoreData, $"{length} octets");
            behind.Length.ShouldBe(length);
        }
    }

    [Theory]
    [MemberData(nameof(EachValid))]
    public void Reads_a_header_wherever_it_is_cut_and_leaves_what_follows(int valid)
    {
        byte[] octets = [.. Valid[valid], .. "EHLO client.test\r\n"u8];
        ProxyHeader whole = Parse(Valid[valid]).Header;
        for (int cut = 0; cut <= octets.Length; cut++)
        {
            (OperationStatus status, ProxyHeader header, byte[] behind) = Parse(octets, cut);
            status.ShouldBe(OperationStatus.Done);
            header.ShouldBe(whole);
            behind.ShouldBe("EHLO client.test\r\n"u8.ToArray());
        }
    }

    [Fact]
    public void No_octets_make_it_throw()
    {
        Gen<byte[]> any = Gen.Choose(0, 255).Select(octet => (byte)octet).ArrayOf();
        Gen<byte[]> anyBehindABeginning = Gen.Elements(Valid)
            .SelectMany(valid => Gen.Choose(0, valid.Length).Select(length => valid[..length]))
            .Zip(any)
            .Select(pair => pair.Item1.Concat(pair.Item2).ToArray());
        Gen<byte[]> changed = Gen.Elements(Valid)
            .Zip(Gen.Choose(0, 255).Zip(Gen.Choose(0, 255)))
            .Select(pair => With(pair.Item1, pair.Item2.Item1 % pair.Item1.Length, (byte)pair.Item2.Item2));
        Prop.ForAll(
                Gen.OneOf(any, anyBehindABeginning, changed).ToArbitrary(),
                octets =>
                {
                    (OperationStatus status, ProxyHeader header, byte[] behind) = Parse(octets);
                    int taken = status == OperationStatus.Done ? header.Length : 0;
                    return behind.AsSpan().SequenceEqual(octets.AsSpan(taken));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static byte[] With(byte[] octets, int at, byte octet)
    {
        byte[] copy = [.. octets];
        copy[at] = octet;
        return copy;
    }
}
