using System.Text.Json;
using BounceMx.Smtp.Commands;
using BounceMx.Smtp.Tls;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>The labels of metrics that come from enums: each made once, found by the member's number. New members get theirs by themselves.</summary>
internal static class MetricTags
{
    /// <summary>By <see cref="SmtpVerb"/>, spelt as on the wire; <c>UNKNOWN</c> for what is none.</summary>
    public static Tag[] Verbs { get; } = ForEach<SmtpVerb>("verb", name => name.ToUpperInvariant());

    /// <summary>By <see cref="ConnectionEnd"/>.</summary>
    public static Tag[] Ends { get; } = ForEach<ConnectionEnd>("end", Word);

    /// <summary>By <see cref="TlsFault"/>.</summary>
    public static Tag[] TlsFaults { get; } = ForEach<TlsFault>("reason", Word);

    /// <summary>A C# name as labels spell it: <c>HungUp</c> is <c>hung_up</c>.</summary>
    public static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static Tag[] ForEach<TEnum>(string key, Func<string, string> spell)
        where TEnum : struct, Enum => [.. Enum.GetNames<TEnum>().Select(name => new Tag(key, spell(name)))];
}
