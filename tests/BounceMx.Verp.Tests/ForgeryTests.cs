namespace BounceMx.Verp.Tests;

/// <summary>Forgers who know everything but the key. With BOUNCEMX_FUZZ set they try ten million times, else a million.</summary>
public sealed class ForgeryTests
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    private static readonly ManualTime Time = new("2026-03-02T12:00:00Z");
    private static readonly VerpCodec Codec = Keys.Codec(Time, Keys.Of('1'), Keys.Of('2', 7));

    private static readonly int Tries = Environment.GetEnvironmentVariable("BOUNCEMX_FUZZ") is { Length: > 0 } ? 10_000_000 : 1_000_000;

    [Fact]
    public void No_forged_address_verifies()
    {
        var random = new Random(5);
        char[] localPart = LocalPart("user@example.org");
        string signature = new(localPart.AsSpan(^17..));
        string other = new(LocalPart("other@example.org").AsSpan(^17..));
        int verified = 0;
        for (int i = 0; i < Tries; i++)
        {
            Span<char> forged = localPart.AsSpan(^17..);
            signature.CopyTo(forged);
            switch (i % 4)
            {
                case 0: // any mac
                    random.GetItems(Alphabet, forged[4..]);
                    break;
                case 1: // one character of the right mac is another
                    Miss(ref forged[random.Next(4, 17)], random);
                    break;
                case 2: // any key, any day, with the right mac
                    random.GetItems(Alphabet, forged[1..4]);
                    forged[0] = random.Next(2) == 0 ? '1' : '2';
                    if (forged.SequenceEqual(signature))
                        Miss(ref forged[3], random);
                    break;
                default: // another address's mac, its end guessed
                    other.AsSpan(4).CopyTo(forged[4..]);
                    random.GetItems(Alphabet, forged[^random.Next(0, 6)..]);
                    break;
            }
            if (Codec.Decode(localPart, Keys.OurDomain).IsSigned)
                verified++;
        }
        verified.ShouldBe(0);
        signature.CopyTo(localPart.AsSpan(^17..));
        Codec.Decode(localPart, Keys.OurDomain).IsSigned.ShouldBeTrue();
    }

    [Fact]
    public void Every_other_character_at_every_place_of_the_signature_is_noticed()
    {
        string localPart = new(LocalPart("user@example.org"));
        for (int place = localPart.Length - 17; place < localPart.Length; place++)
        {
            foreach (char character in Alphabet.Where(character => character != localPart[place]))
                Codec
                    .Decode(string.Concat(localPart.AsSpan(0, place), [character], localPart.AsSpan(place + 1)), Keys.OurDomain)
                    .IsSigned.ShouldBeFalse();
        }
    }

    private static char[] LocalPart(string recipient) => Codec.Mint(recipient).Split('@')[0].ToCharArray();

    private static void Miss(ref char character, Random random) =>
        character = Alphabet[(Base32Hex.ValueOf(character) + random.Next(1, 32)) % 32];
}
