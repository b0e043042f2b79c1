using BounceMx.Intake;

namespace BounceMx.Pipeline;

/// <summary>Says in words what a signature says of itself: key id and day, the 17 characters' first four (docs/verp.md).</summary>
internal static class SignatureText
{
    private const int Length = 17;
    private const int DayMask = (1 << 15) - 1;

    /// <summary>Such as <c>signature valid, key 1, 3 days old</c>; shorter where a layer stands around the address.</summary>
    /// <param name="address">An address with a valid signature.</param>
    /// <param name="receivedAt">When it was valid.</param>
    public static string Describe(AcceptedRecipient address, DateTimeOffset receivedAt)
    {
        ReadOnlySpan<char> localPart = address.Path.Mailbox.LocalPart;
        if (address.Layers.Count > 0 || localPart.Length < Length)
            return "signature valid";
        int day = 0;
        foreach (char character in localPart[^(Length - 1)..^(Length - 4)])
            day = (day << 5) | (char.IsAsciiDigit(character) ? character - '0' : (character | 0x20) - 'a' + 10);
        int today = (int)(receivedAt.ToUnixTimeSeconds() / (24 * 60 * 60));
        int age = (today - day) & DayMask;
        string old = age switch
        {
            0 or DayMask => "of today",
            1 => "1 day old",
            _ => $"{age} days old",
        };
        return $"signature valid, key {char.ToLowerInvariant(localPart[^Length])}, {old}";
    }
}
