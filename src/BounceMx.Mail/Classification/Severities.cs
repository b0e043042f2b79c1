namespace BounceMx.Mail.Classification;

/// <summary>The words of <see cref="Severity"/> on the wire.</summary>
public static class Severities
{
    private static readonly string[] Table = ["none", "hard", "soft", "block", "undetermined"];

    /// <summary>The word on the wire, lower case.</summary>
    /// <param name="severity">A defined member.</param>
    public static string ToWire(this Severity severity) => Table[(int)severity];

    /// <summary>Reads a word of the wire.</summary>
    /// <param name="wire">Such as <c>hard</c>; case counts.</param>
    /// <param name="severity">The severity; default when the result is <c>false</c>.</param>
    /// <returns><c>false</c> when no severity has this word.</returns>
    public static bool TryParse(ReadOnlySpan<char> wire, out Severity severity)
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (wire.SequenceEqual(Table[i]))
            {
                severity = (Severity)i;
                return true;
            }
        }
        severity = default;
        return false;
    }
}
