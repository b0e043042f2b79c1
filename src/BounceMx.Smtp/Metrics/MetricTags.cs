using System.Security.Authentication;
using System.Text.Json;
using BounceMx.Smtp.Commands;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>The labels of metrics that come from enums: each made once, found by the member's number. New members get theirs by themselves.</summary>
internal static class MetricTags
{
    private static readonly Tag Tls12 = Version("1.2");
    private static readonly Tag Tls13 = Version("1.3");
    private static readonly Tag OtherTls = Version("other");

    /// <summary>By <see cref="SmtpVerb"/>, spelt as on the wire; <c>UNKNOWN</c> for what is none.</summary>
    public static Tag[] Verbs { get; } = ForEach<SmtpVerb>("verb", name => name.ToUpperInvariant());

    /// <summary>By <see cref="ConnectionEnd"/>.</summary>
    public static Tag[] Ends { get; } = ForEach<ConnectionEnd>("end", Word);

    /// <summary>By <see cref="TlsFailure"/>.</summary>
    public static Tag[] TlsFailures { get; } = ForEach<TlsFailure>("reason", Word);

    /// <summary>The label of a TLS version.</summary>
    public static Tag TlsVersion(SslProtocols version) =>
        version switch
        {
            SslProtocols.Tls12 => Tls12,
            SslProtocols.Tls13 => Tls13,
            _ => OtherTls,
        };

    /// <summary>A C# name as labels spell it: <c>HungUp</c> is <c>hung_up</c>.</summary>
    public static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static Tag Version(string version) => new("version", version);

    private static Tag[] ForEach<TEnum>(string key, Func<string, string> spell)
        where TEnum : struct, Enum => [.. Enum.GetNames<TEnum>().Select(name => new Tag(key, spell(name)))];
}
