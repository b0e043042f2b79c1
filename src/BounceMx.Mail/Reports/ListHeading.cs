namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads the heading of a list of recipients: <c>The following addresses had transient non-fatal errors:</c>. A report may hold one list of
/// those who failed, one of those who wait, and one of those who have the message.
/// </summary>
internal static class ListHeading
{
    /// <summary>A heading is longer than a label and shorter than a paragraph.</summary>
    private const int MinLength = 10;

    /// <inheritdoc cref="MinLength"/>
    private const int MaxLength = 160;

    private static readonly Phrases _delayed = new("transient", "delayed", "deferred", "temporar", " yet", "still ", "in queue");

    private static readonly Phrases _failed = new("fail", "error", "not ", "n't ", "unable", "undeliver", "reject", "refus", "permanent");

    private static readonly Phrases _delivered = new(
        "successful",
        "was delivered",
        "were delivered",
        "been delivered",
        "delivered to",
        "delivered:",
        "erfolgreich",
        "correctement remis",
        "avec succès",
        "correctamente",
        "con éxito",
        "com sucesso",
        "con successo",
        "succesvol",
        "pomyślnie",
        "успешно",
        "başarıyla",
        "正常に配信",
        "成功",
        "성공"
    );

    /// <summary>What a line says of the addresses under it.</summary>
    /// <param name="line">A line without an address, and without white space at its ends.</param>
    /// <returns><see cref="DsnAction.None"/> where it announces no list, or does not say.</returns>
    public static DsnAction Read(ReadOnlySpan<byte> line)
    {
        if (line.Length is < MinLength or > MaxLength || line[^1] is not ((byte)':' or (byte)'-'))
            return DsnAction.None;
        if (_delayed.StandIn(line) || FailureWording.Delayed.StandIn(line))
            return DsnAction.Delayed;
        if (_failed.StandIn(line) || FailureWording.FailedElsewhere.StandIn(line))
            return DsnAction.Failed;
        return _delivered.StandIn(line) ? DsnAction.Delivered : DsnAction.None;
    }
}
