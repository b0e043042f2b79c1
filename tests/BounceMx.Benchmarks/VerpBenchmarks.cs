using BenchmarkDotNet.Attributes;
using BounceMx.Verp;

namespace BounceMx.Benchmarks;

/// <summary>What a RCPT costs at the door, by outcome, and what a sender pays to mint.</summary>
[MemoryDiagnoser]
public class VerpBenchmarks
{
    private const string Domain = "bounces.example.com";
    private readonly VerpCodec _codec = new(new VerpOptions { Domains = [Domain, "bounces.example.net"] });

    [Benchmark(Baseline = true)]
    public VerpDecoding Decode() => _codec.Decode("bounces+john.doe=mail.example.org", Domain);

    [Benchmark]
    public VerpDecoding DecodeWithTwoTags() => _codec.Decode("bounces+john.doe=mail.example.org+spring+list-7", Domain);

    [Benchmark]
    public VerpDecoding DecodeUtf8() => _codec.Decode("bounces+jörg=bücher.example", Domain);

    [Benchmark]
    public VerpDecoding DecodePlain() => _codec.Decode("bounces", Domain);

    [Benchmark]
    public VerpDecoding RefuseDomain() => _codec.Decode("bounces+john.doe=mail.example.org", "example.com");

    [Benchmark]
    public VerpDecoding RefusePrefix() => _codec.Decode("john.doe", Domain);

    [Benchmark]
    public VerpDecoding RefuseMalformed() => _codec.Decode("bounces+john.doe=mail.example.org+spring++", Domain);

    [Benchmark]
    public VerpEncoding EncodeWithTwoTags() => _codec.Encode("john.doe@mail.example.org", Domain, "spring", "list-7");
}
