using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using BounceMx.Verp;

namespace BounceMx.Benchmarks;

/// <summary>
/// What a RCPT costs at the door, by outcome, and what a sender pays to mint. The floor is the bare HMAC over the octets that the signature
/// of <see cref="ValidSignature"/> covers.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class VerpBenchmarks
{
    private const string Domain = "bounces.example.com";
    private static readonly byte[] Secret = SHA256.HashData("a secret of 32 octets"u8);
    private readonly VerpCodec _codec = new(Options('1'));
    private readonly string _signed = Mint('1', "john.doe@mail.example.org");
    private readonly string _signedWithTwoTags = Mint('1', "john.doe@example.org", "spring", "list-7");
    private readonly string _signedEscaped = Mint('1', "jörg@bücher.example");
    private readonly string _signedHashed = Mint('1', "a-local-part-of-many-letters@mail.example.org");
    private readonly string _unknownKey = Mint('7', "john.doe@mail.example.org");
    private readonly string _badSignature;
    private readonly string _expired;
    private readonly byte[] _text;
    private readonly byte[] _hash = new byte[32];

    public VerpBenchmarks()
    {
        _badSignature = _signed.Replace("john", "jane", StringComparison.Ordinal);
        _expired = LocalPart(new VerpCodec(Options('1'), new Past()).Encode("john.doe@mail.example.org", Domain));
        _text = Encoding.UTF8.GetBytes($"{_signed[..^13]}@{Domain}");
    }

    [Benchmark(Baseline = true)]
    public int Hmac() => HMACSHA256.HashData(Secret, _text, _hash);

    [Benchmark]
    public DecodingFault ValidSignature() => _codec.Decode(_signed, Domain).Fault;

    [Benchmark]
    public DecodingFault ValidSignatureWithTwoTags() => _codec.Decode(_signedWithTwoTags, Domain).Fault;

    [Benchmark]
    public DecodingFault ValidSignatureEscaped() => _codec.Decode(_signedEscaped, Domain).Fault;

    [Benchmark]
    public DecodingFault ValidSignatureHashed() => _codec.Decode(_signedHashed, Domain).Fault;

    [Benchmark]
    public DecodingFault Expired() => _codec.Decode(_expired, Domain).Fault;

    [Benchmark]
    public DecodingFault BadSignature() => _codec.Decode(_badSignature, Domain).Fault;

    [Benchmark]
    public DecodingFault UnknownKey() => _codec.Decode(_unknownKey, Domain).Fault;

    [Benchmark]
    public DecodingFault NoSignature() => _codec.Decode("bounces+john.doe=mail.example.org", Domain).Fault;

    [Benchmark]
    public DecodingFault NoSignatureUtf8() => _codec.Decode("bounces+jörg=bücher.example", Domain).Fault;

    [Benchmark]
    public DecodingFault Plain() => _codec.Decode("bounces", Domain).Fault;

    [Benchmark]
    public DecodingFault NotOurs() => _codec.Decode("bounces+john.doe=mail.example.org", "example.com").Fault;

    [Benchmark]
    public DecodingFault UnknownPrefix() => _codec.Decode("john.doe", Domain).Fault;

    [Benchmark]
    public DecodingFault Malformed() => _codec.Decode("bounces+john.doe=mail.example.org+spring++", Domain).Fault;

    [Benchmark]
    public VerpAddress? ValidSignatureToAddress() => _codec.Decode(_signed, Domain).ToAddress();

    [Benchmark]
    public VerpEncoding Encode() => _codec.Encode("john.doe@mail.example.org", Domain);

    [Benchmark]
    public VerpEncoding EncodeHashed() => _codec.Encode("a-local-part-of-many-letters@mail.example.org", Domain);

    private static VerpOptions Options(char id) => new() { Domains = [Domain, "bounces.example.net"], Keys = [new VerpKey(id, Secret)] };

    private static string Mint(char id, string recipient, params string[] tags) =>
        LocalPart(new VerpCodec(Options(id)).Encode(recipient, Domain, tags));

    private static string LocalPart(VerpEncoding minted) => minted.Address!.Split('@')[0];

    private sealed class Past : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-100);
    }
}
