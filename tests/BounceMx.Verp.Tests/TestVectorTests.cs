using System.Text.Json;

namespace BounceMx.Verp.Tests;

/// <summary>
/// The vectors that the package carries for other languages. They were made by <c>make-test-vectors.py</c>, which shares no code with us.
/// </summary>
public sealed class TestVectorTests
{
    private static readonly JsonElement Vectors = Load();

    public static TheoryData<string> Encode => Notes("encode");

    public static TheoryData<string> EncodeFaults => Notes("encode_faults");

    public static TheoryData<string> Decode => Notes("decode");

    public static TheoryData<string> Confirm => Notes("confirm");

    [Theory]
    [MemberData(nameof(Encode))]
    public void Mints_the_address(string note)
    {
        JsonElement vector = Find("encode", note);
        VerpOptions options = new()
        {
            Prefix = Text(vector, "prefix"),
            Delimiters = Text(vector, "delimiters"),
            HideRecipients = vector.GetProperty("hide").GetBoolean(),
            Keys = KeysOf(vector),
        };
        VerpEncoding minted = new VerpCodec(options, TimeOf(vector)).Encode(
            Text(vector, "recipient"),
            Text(vector, "bounce_domain"),
            Texts(vector, "tags")
        );
        (minted.Form.ToString(), minted.Address).ShouldBe((Text(vector, "form"), Text(vector, "address")));
    }

    [Theory]
    [MemberData(nameof(EncodeFaults))]
    public void Refuses_to_mint(string note)
    {
        JsonElement vector = Find("encode_faults", note);
        new VerpCodec(new VerpOptions { Keys = KeysOf(vector) })
            .Encode(Text(vector, "recipient"), Text(vector, "bounce_domain"), Texts(vector, "tags"))
            .Fault.ToString()
            .ShouldBe(Text(vector, "fault"));
    }

    [Theory]
    [MemberData(nameof(Decode))]
    public void Reads_the_address(string note)
    {
        JsonElement vector = Find("decode", note);
        VerpOptions options = new()
        {
            Domains = Texts(vector, "domains"),
            Keys = KeysOf(vector),
            MaxAge = TimeSpan.FromDays(vector.GetProperty("max_age").GetInt32()),
        };
        VerpDecoding decoding = new VerpCodec(options, TimeOf(vector)).Decode(Text(vector, "local_part"), Text(vector, "domain"));
        VerpAddress? address = decoding.ToAddress();
        (decoding.Fault.ToString(), decoding.IsSigned).ShouldBe((Text(vector, "fault"), vector.GetProperty("signed").GetBoolean()));
        decoding.Form.ToString().ShouldBe(MaybeText(vector, "form") ?? "None");
        (address?.Recipient, address?.RecipientHash).ShouldBe((MaybeText(vector, "recipient"), MaybeText(vector, "recipient_hash")));
        (address?.Tags ?? []).ShouldBe(Texts(vector, "tags"));
    }

    [Theory]
    [MemberData(nameof(Confirm))]
    public void Confirms_the_hash(string note)
    {
        JsonElement vector = Find("confirm", note);
        new VerpCodec(new VerpOptions { Keys = KeysOf(vector) })
            .Confirms(new VerpAddress(null, []) { RecipientHash = Text(vector, "recipient_hash") }, Text(vector, "recipient"))
            .ShouldBe(vector.GetProperty("confirmed").GetBoolean());
    }

    private static JsonElement Load()
    {
        using Stream file = typeof(TestVectorTests).Assembly.GetManifestResourceStream("verp-test-vectors.json")!;
        return JsonDocument.Parse(file).RootElement;
    }

    private static TheoryData<string> Notes(string part) => [.. Vectors.GetProperty(part).EnumerateArray().Select(v => Text(v, "note"))];

    private static JsonElement Find(string part, string note) =>
        Vectors.GetProperty(part).EnumerateArray().Single(vector => Text(vector, "note") == note);

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static string? MaybeText(JsonElement vector, string name) => vector.GetProperty(name).GetString();

    private static string[] Texts(JsonElement vector, string name) =>
        [.. vector.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static IReadOnlyList<VerpKey> KeysOf(JsonElement vector)
    {
        string[] lines = Texts(vector, "keys");
        if (lines.Length == 0)
            return [];
        VerpKeyFile.TryParse(string.Join('\n', lines), out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault).ShouldBeTrue(fault.Problem);
        return keys;
    }

    private static ManualTime TimeOf(JsonElement vector) =>
        new("1970-01-01T12:00:00Z") { Now = DateTimeOffset.UnixEpoch.AddDays(vector.GetProperty("day").GetInt32()).AddHours(12) };
}
