using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Verp.Tests;

/// <summary>A recipient, how a sender may write it, and how it is given back.</summary>
internal sealed record SampleRecipient(string LocalPart, string Domain, bool Quoted)
{
    private static readonly char[] Specials = [.. " \"(),:;<>@[\\]"];

    /// <summary>As it is given to the codec.</summary>
    public string Written => Quoted || LocalPart.IndexOfAny(Specials) >= 0 ? Quote() : $"{LocalPart}@{Domain}";

    /// <summary>As it is read back: quoted where it must be.</summary>
    public string Expected => LocalPart.IndexOfAny(Specials) >= 0 ? Quote() : $"{LocalPart}@{Domain}";

    public override string ToString() => Written;

    private string Quote() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"{LocalPart.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"@{Domain}"
        );
}

/// <summary>A mail that is to be minted for, and the codec that mints.</summary>
internal sealed record SampleMail(SampleRecipient Recipient, string[] Tags, VerpOptions Options, int Day)
{
    public VerpCodec Codec => new(Options, new ManualTime("1970-01-01") { Now = DateTimeOffset.UnixEpoch.AddDays(Day) });

    public VerpEncoding Mint() => Codec.Encode(Recipient.Written, Keys.OurDomain, Tags);

    public override string ToString() =>
        $"{Recipient} {string.Join('+', Tags)} {Options} {string.Join<VerpKey>(',', Options.Keys)} day {Day}";
}

/// <summary>What the properties are held against.</summary>
internal static class Generators
{
    // Of each class that a U-label may hold: letters of either case and of none, modifiers, marks that take room and that do not, digits,
    // what IDNA lets stand between letters, joiners, and the same of other planes.
    private static readonly string[] OfULabels =
    [
        .. "ü Ü 日 ʰ \u0301 \u0903 ٣ \u00B7 \u0375 \u05F3 \u30FB \u200C \u200D 𐐷 𐐏 𠀀 𖭀 𝟘 \U0001D167 \U00011000".Split(' '),
    ];

    /// <summary>Recipients as people have them, and as no one should: delimiters, specials, odd dots, letters of other scripts and planes.</summary>
    public static readonly Gen<SampleRecipient> Recipients =
        from localPart in Gen.OneOf(
            Joined(1, 3, ".", Text(1, 8, [.. "abcxyzABZ0189-_+=".Select(c => c.ToString())])),
            Text(1, 10, [.. "abZ019.+=~".Select(c => c.ToString())]),
            Text(1, 12, [.. " !\"#$%&'()*+,-./0a:;<=>?@Z[\\]^_`{|}~".Select(c => c.ToString()), "é", "Ö", "日", "𐐷", "=40", ".."])
        )
        from domain in Joined(1, 3, ".", Label())
        from quoted in Gen.Elements(true, false)
        select new SampleRecipient(localPart, domain, quoted);

    public static readonly Gen<VerpOptions> Options =
        from delimiters in Gen.Frequency((4, Gen.Constant("+=")), (1, Gen.Elements("+_", "_=", "#*", "=+")))
        from prefix in Gen.Elements("bounces", "b", "Return-Path", "b+c=d")
        from ids in Gen.Shuffle(['1', 'a', 'v'])
        from count in Gen.Choose(0, 3)
        from length in Gen.Choose(16, 80)
        from secrets in Gen.Choose(0, 255).Select(octet => (byte)octet).ArrayOf(length).ArrayOf(count)
        from hide in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new VerpOptions
        {
            Prefix = prefix,
            Delimiters = delimiters,
            Domains = [Keys.OurDomain],
            Keys = [.. secrets.Select((secret, i) => new VerpKey(ids[i], secret))],
            HideRecipients = hide,
        };

    public static readonly Gen<SampleMail> Mails =
        from recipient in Recipients
        from options in Options
        from count in Gen.Choose(0, 2)
        from tags in Joined(1, 2, ".", Text(1, 6, [.. "abzAZ019-".Select(c => c.ToString())])).ArrayOf(count)
        from day in Gen.Choose(0, 70_000)
        select new SampleMail(recipient, tags, options, day);

    /// <summary>Local parts made of what the grammar turns on, so that most are nearly right.</summary>
    public static readonly Gen<string> NearlyBounceAddresses =
        from head in Gen.Elements(
            "bounces+",
            "Bounces+",
            "bounces-",
            "bounces",
            "",
            "bounces+user=",
            "bounces+u=d+",
            "bounces+=a",
            "bounces+~"
        )
        from rest in Text(
            0,
            20,
            [
                .. "+=-.@%\"\\ aZ0é\0\u0085\uD83D\uDE00日".Select(c => c.ToString()),
                "=40",
                "=c3",
                "=B6",
                "0123456789abcdef",
                "+10000123456789abc",
            ]
        )
        select head + rest;

    /// <summary>An address with one to three changes to its characters.</summary>
    public static Gen<string> Changed(string address) =>
        from count in Gen.Choose(1, 3)
        from places in Gen.Choose(0, address.Length - 1).ArrayOf(count)
        from kinds in Gen.Choose(0, 3).ArrayOf(count)
        from letters in Gen.Elements("abcdefuvwxyzABV0123456789+=~-._@é".ToCharArray()).ArrayOf(count)
        select places.Zip(kinds, letters).Aggregate(address, Change);

    public static Gen<string> Text(int min, int max, params string[] letters) => Joined(min, max, "", Gen.Elements(letters));

    private static string Change(string address, (int Place, int Kind, char Letter) change)
    {
        (int place, int kind, char letter) = change;
        if (place >= address.Length)
            return address + letter;
        return kind switch
        {
            0 => address.Remove(place, 1),
            1 => address.Insert(place, letter.ToString()),
            2 => address.Remove(place, 1).Insert((place + 1) % address.Length, address[place].ToString()),
            _ => address.Remove(place, 1).Insert(place, letter.ToString()),
        };
    }

    private static Gen<string> Joined(int min, int max, string separator, Gen<string> parts) =>
        from count in Gen.Choose(min, max)
        from chosen in parts.ArrayOf(count)
        select string.Join(separator, chosen);

    private static Gen<string> Label() =>
        from first in Gen.Frequency((4, Gen.Elements("a", "Z", "7")), (1, Gen.Elements(OfULabels)))
        from inner in Gen.Frequency((4, Text(0, 6, "a", "-", "0")), (1, Text(0, 4, ["a", "-", "0", .. OfULabels])))
        from last in Gen.Frequency((4, Gen.Elements("z", "9")), (1, Gen.Elements(OfULabels)))
        select first + inner + last;
}
