using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Splits a delivery status into its groups (RFC 3464 section 2.1): one about the message, then one a recipient. Forgives a missing empty
/// line (a second Final-Recipient opens a group), an empty line too many (a group that names no recipient belongs to the one before),
/// continuation lines without indentation, and fields of the message among those of a recipient.
/// </summary>
internal sealed class StatusFields
{
    /// <summary>How many recipients are read of one report.</summary>
    public const int MaxRecipients = 1000;

    private static readonly SearchValues<byte> _nameOctets = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8
    );

    private readonly List<FieldGroup> _recipients = [];

    /// <summary>The fields about the message.</summary>
    public FieldGroup Message { get; } = new(ReportFields.CountPerMessage);

    /// <summary>One group a recipient.</summary>
    public List<FieldGroup> Recipients => _recipients;

    /// <summary>Whether there were more than <see cref="MaxRecipients"/>.</summary>
    public bool Limited { get; private set; }

    /// <summary>Reads one delivery status; several of one report add up.</summary>
    /// <param name="text">UTF-8.</param>
    public void Read(ReadOnlyMemory<byte> text)
    {
        var lines = new LineReader(text.Span);
        var group = new FieldGroup();
        ReportField field = ReportField.None;
        bool inField = false;
        int valueStart = 0;
        int valueEnd = 0;
        while (!Limited && lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            ReportField next = FieldOf(line, out int value, out bool startsField);
            if (!startsField && inField && !line.TrimBlank().IsEmpty)
            {
                valueEnd = lines.Start + line.Length;
                continue;
            }

            Store(ref group, field, text[valueStart..valueEnd]);
            (field, inField) = (next, startsField);
            (valueStart, valueEnd) = (lines.Start + value, lines.Start + line.Length);
            if (!startsField)
                Close(ref group);
        }

        Store(ref group, field, text[valueStart..valueEnd]);
        Close(ref group);
    }

    private void Store(ref FieldGroup group, ReportField field, ReadOnlyMemory<byte> value)
    {
        if (field == ReportField.None)
            return;
        if (ReportFields.IsPerMessage(field))
        {
            Message.Set(field, value);
            return;
        }

        if (ReportFields.NamesRecipient(field) && group.Has(field))
            Close(ref group);
        group.Set(field, value);
    }

    private void Close(ref FieldGroup group)
    {
        if (group.IsEmpty)
            return;
        if (_recipients.Count > 0 && (!group.NamesRecipient || !_recipients[^1].NamesRecipient))
        {
            _recipients[^1].Merge(group);
            group.Clear();
            return;
        }

        if (_recipients.Count == MaxRecipients)
            Limited = true;
        else
            _recipients.Add(group);
        group = new FieldGroup();
    }

    /// <summary>
    /// Which field a line starts. A line that only looks like one (<c>https://…</c>, <c>reason: …</c> in a wrapped diagnostic) starts none:
    /// every field of a delivery status that is not in our table has a hyphen in its name.
    /// </summary>
    private static ReportField FieldOf(ReadOnlySpan<byte> line, out int value, out bool startsField)
    {
        (value, startsField) = (0, false);
        if (line.IsEmpty || line[0] is (byte)' ' or (byte)'\t')
            return ReportField.None;
        int length = HeaderBlock.FieldNameLength(line, out int colon);
        if (length == 0)
            return ReportField.None;
        ReadOnlySpan<byte> name = line[..length];
        ReportField field = ReportFields.Find(name);
        startsField = field != ReportField.None || (name.Contains((byte)'-') && name.IndexOfAnyExcept(_nameOctets) < 0);
        value = colon + 1;
        return field;
    }
}
