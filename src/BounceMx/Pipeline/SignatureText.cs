using BounceMx.Verp;

namespace BounceMx.Pipeline;

/// <summary>Says in words what a signature says of itself: its key and its age.</summary>
internal static class SignatureText
{
    /// <summary>Such as <c>signature valid, key 1, 3 days old</c>; shorter where the address is no longer read as it was at RCPT.</summary>
    /// <param name="decoding">An address whose signature was valid.</param>
    /// <param name="receivedAt">When it was valid.</param>
    public static string Describe(in VerpDecoding decoding, DateTimeOffset receivedAt)
    {
        if (decoding.KeyId is not { } key || decoding.MintedOn is not { } mintedOn)
            return "signature valid";
        int days = DateOnly.FromDateTime(receivedAt.UtcDateTime).DayNumber - mintedOn.DayNumber;
        // The minter's clock may be ahead of ours over midnight.
        string age = days switch
        {
            <= 0 => "of today",
            1 => "1 day old",
            _ => $"{days} days old",
        };
        return $"signature valid, key {key}, {age}";
    }
}
