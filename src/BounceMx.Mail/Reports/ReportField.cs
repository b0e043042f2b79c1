using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>The fields of a delivery status that are read (RFC 3464 sections 2.2 and 2.3); the first group is about the message.</summary>
internal enum ReportField
{
    None = -1,
    ReportingMta,
    DsnGateway,
    ReceivedFromMta,
    ArrivalDate,
    OriginalEnvelopeId,
    OriginalRecipient,
    FinalRecipient,
    Action,
    Status,
    RemoteMta,
    DiagnosticCode,
    LastAttemptDate,
    FinalLogId,
    WillRetryUntil,
    ActualRecipient,
    SupplementaryInfo,
    BounceCategory,
}

/// <summary>Names of <see cref="ReportField"/>s on the wire.</summary>
internal static class ReportFields
{
    public const int Count = (int)ReportField.BounceCategory + 1;

    /// <summary>How many of them, the first, are about the message.</summary>
    public const int CountPerMessage = (int)ReportField.OriginalEnvelopeId + 1;

    private static readonly (byte[] Name, ReportField Field)[] _names =
    [
        ("Reporting-MTA"u8.ToArray(), ReportField.ReportingMta),
        ("DSN-Gateway"u8.ToArray(), ReportField.DsnGateway),
        ("Received-From-MTA"u8.ToArray(), ReportField.ReceivedFromMta),
        ("Arrival-Date"u8.ToArray(), ReportField.ArrivalDate),
        ("Original-Envelope-Id"u8.ToArray(), ReportField.OriginalEnvelopeId),
        ("Original-Recipient"u8.ToArray(), ReportField.OriginalRecipient),
        ("Final-Recipient"u8.ToArray(), ReportField.FinalRecipient),
        ("Action"u8.ToArray(), ReportField.Action),
        ("Status"u8.ToArray(), ReportField.Status),
        ("Remote-MTA"u8.ToArray(), ReportField.RemoteMta),
        ("Diagnostic-Code"u8.ToArray(), ReportField.DiagnosticCode),
        ("Last-Attempt-Date"u8.ToArray(), ReportField.LastAttemptDate),
        ("Final-Log-ID"u8.ToArray(), ReportField.FinalLogId),
        ("Will-Retry-Until"u8.ToArray(), ReportField.WillRetryUntil),
        ("X-Actual-Recipient"u8.ToArray(), ReportField.ActualRecipient),
        ("X-Supplementary-Info"u8.ToArray(), ReportField.SupplementaryInfo),
        ("X-PowerMTA-BounceCategory"u8.ToArray(), ReportField.BounceCategory),
    ];

    public static ReportField Find(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, ReportField field) in _names)
        {
            if (known.Length == name.Length && Ascii.EqualsIgnoreCase(known, name))
                return field;
        }

        return ReportField.None;
    }

    /// <summary>Whether the field is about the message rather than about a recipient.</summary>
    public static bool IsPerMessage(ReportField field) => field is >= ReportField.ReportingMta and <= ReportField.OriginalEnvelopeId;

    /// <summary>Whether the field names a recipient.</summary>
    public static bool NamesRecipient(ReportField field) => field is ReportField.OriginalRecipient or ReportField.FinalRecipient;
}
