using System.Security.Cryptography;
using System.Text;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Signs bounce addresses as a sender would that has only read docs/verp.md, in no way by the code under test.</summary>
internal static class SigningKey
{
    public const string Secret = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92";

    /// <summary>As <c>Verp:Keys</c> has it.</summary>
    public const string Text = $"k:{Secret}";

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>The signed bounce address of a recipient.</summary>
    /// <param name="recipient"><c>local@domain</c>.</param>
    /// <param name="age">How many days ago it was minted.</param>
    public static string Sign(string recipient, int age = 0) => SignPayload(recipient.Replace('@', '='), age);

    /// <summary>The signed bounce address that does not show its recipient.</summary>
    public static string SignHidden(string recipient) => SignPayload($"~{Mac($"~{recipient}", 16)}", age: 0);

    private static string SignPayload(string payload, int age)
    {
        long day = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400 - age;
        string unsigned =
            $"bounces+{payload}+k{Alphabet[(int)(day >> 10 & 31)]}{Alphabet[(int)(day >> 5 & 31)]}{Alphabet[(int)(day & 31)]}";
        return $"{unsigned}{Mac($"{unsigned}@{BounceAddress.Domain}", 13)}@{BounceAddress.Domain}";
    }

    private static string Mac(string text, int length)
    {
        byte[] hash = HMACSHA256.HashData(Convert.FromHexString(Secret), Encoding.UTF8.GetBytes(text.ToLowerInvariant()));
        string bits = string.Concat(hash.Select(octet => octet.ToString("b8")));
        return string.Concat(Enumerable.Range(0, length).Select(i => Alphabet[Convert.ToInt32(bits.Substring(i * 5, 5), 2)]));
    }
}
