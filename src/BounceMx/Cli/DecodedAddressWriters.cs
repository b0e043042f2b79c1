using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BounceMx.Publishing;
using BounceMx.Verp;
using CsvHelper;

namespace BounceMx.Cli;

/// <summary>Shows decoded bounce addresses, one after the other.</summary>
internal interface IDecodedAddressWriter : IDisposable
{
    /// <summary>Shows one.</summary>
    void Write(DecodedAddress decoded);
}

/// <summary>For people: the address, and below it a line for each thing that is known.</summary>
internal sealed class TextDecodedAddressWriter(TextWriter output) : IDecodedAddressWriter
{
    private static readonly Dictionary<DecodingFault, string> Faults = new()
    {
        [DecodingFault.NotOurs] = "not ours: another domain, or a route to one",
        [DecodingFault.UnknownPrefix] = "it does not begin as our bounce addresses do",
        [DecodingFault.Malformed] = "malformed: it begins as our bounce addresses do, but what follows is none",
        [DecodingFault.UnknownKey] = "signed with a key that is not here",
        [DecodingFault.BadSignature] = "the signature is not that of this address: forged, or changed on its way",
        [DecodingFault.Expired] = "rightly signed, but too long ago",
    };

    /// <summary>A fault in words.</summary>
    public static string Describe(DecodingFault fault) => Faults[fault];

    public void Write(DecodedAddress decoded)
    {
        output.WriteLine(TerminalText.Clean(decoded.Address));
        Line("recipient", decoded.Recipient);
        Line("hash", decoded.RecipientHash);
        if (decoded.Confirmed is { } confirmed)
            Line("confirmed", confirmed ? "yes, it is the hash of that recipient" : "no, it is the hash of another recipient");
        Line("tags", decoded.Tags.Count > 0 ? string.Join(' ', decoded.Tags) : null);
        Line("stream", decoded.Stream);
        foreach ((string name, string value) in decoded.Fields?.AsEnumerable() ?? [])
            Line("field", $"{name} = {value}");
        if (decoded.Fault is null || decoded.Form is not null)
            Line("form", decoded.Form is { } form ? Words.Of(form) : "plain bounce address, without a recipient");
        Line("template", decoded.Template);
        Line("wrapped in", decoded.Layers.Count > 0 ? string.Join(' ', decoded.Layers.Select(Words.Of)) : null);
        if (decoded.Signature is { } signature)
            Line("signature", Words.Of(signature).Replace('_', ' '));
        if (decoded.Fault is { } fault)
            Line("fault", decoded.IsUtf8 ? Describe(fault) : "malformed: it is not UTF-8");
    }

    public void Dispose() => output.Flush();

    private void Line(string name, string? value)
    {
        if (value is not null)
            output.WriteLine($"  {name, -10}  {TerminalText.Clean(value)}");
    }
}

/// <summary>JSON Lines: what is not known is left out.</summary>
/// <param name="output">What is written to.</param>
/// <param name="show">What becomes of a line before it is written.</param>
internal sealed class JsonDecodedAddressWriter(TextWriter output, Func<string, string> show) : IDecodedAddressWriter
{
    private static readonly JsonSerializerOptions Wire = new()
    {
        // No web page shows it, so + and quotes may stand as they are; control characters and line separators are still escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public void Write(DecodedAddress decoded) => output.WriteLine(show(JsonSerializer.Serialize(decoded, Wire)));

    public void Dispose() => output.Flush();
}

/// <summary>CSV: a header row, and a row an address. Several tags, layers and fields stand in one cell, spaces between.</summary>
internal sealed class CsvDecodedAddressWriter : IDecodedAddressWriter
{
    private static readonly (string Name, Func<DecodedAddress, string?> Value)[] Columns =
    [
        ("address", decoded => decoded.Address),
        ("recipient", decoded => decoded.Recipient),
        ("recipient_hash", decoded => decoded.RecipientHash),
        ("confirmed", decoded => decoded.Confirmed is { } confirmed ? (confirmed ? "true" : "false") : null),
        ("tags", decoded => string.Join(' ', decoded.Tags)),
        ("form", decoded => decoded.Form is { } form ? Words.Of(form) : null),
        ("template", decoded => decoded.Template),
        ("fields", decoded => string.Join(' ', decoded.Fields?.Select(field => $"{field.Key}={field.Value}") ?? [])),
        ("layers", decoded => string.Join(' ', decoded.Layers.Select(Words.Of))),
        ("stream", decoded => decoded.Stream),
        ("signature", decoded => decoded.Signature is { } signature ? Words.Of(signature) : null),
        ("fault", decoded => decoded.Fault is { } fault ? Words.Of(fault) : null),
    ];

    private readonly CsvWriter _csv;
    private readonly Func<string, string> _show;

    /// <summary>Writes the header row.</summary>
    /// <param name="output">What is written to.</param>
    /// <param name="show">What becomes of a cell before it is written.</param>
    public CsvDecodedAddressWriter(TextWriter output, Func<string, string> show)
    {
        _csv = new CsvWriter(output, CsvSyntax.Written, leaveOpen: true);
        _show = show;
        WriteRow(column => column.Name);
    }

    public void Write(DecodedAddress decoded) => WriteRow(column => column.Value(decoded));

    public void Dispose() => _csv.Dispose();

    private void WriteRow(Func<(string Name, Func<DecodedAddress, string?> Value), string?> cell)
    {
        foreach (var column in Columns)
            _csv.WriteField(cell(column) is { } text ? _show(text) : "");
        _csv.NextRecord();
    }
}

/// <summary>The words of enumerations, as programs get them.</summary>
file static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
