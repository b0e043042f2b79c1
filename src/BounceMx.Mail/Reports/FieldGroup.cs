namespace BounceMx.Mail.Reports;

/// <summary>One group of fields of a delivery status, values still folded; the first of each name counts.</summary>
internal sealed class FieldGroup(int fields = ReportFields.Count)
{
    private ReadOnlyMemory<byte>[] _values = [];
    private uint _present;

    public bool IsEmpty => _present == 0;

    public bool NamesRecipient => Has(ReportField.OriginalRecipient) || Has(ReportField.FinalRecipient);

    public ReadOnlyMemory<byte> this[ReportField field] => Has(field) ? _values[(int)field] : default;

    public bool Has(ReportField field) => (_present & (1u << (int)field)) != 0;

    public void Set(ReportField field, ReadOnlyMemory<byte> value)
    {
        if (Has(field))
            return;
        if (_values.Length == 0)
            _values = new ReadOnlyMemory<byte>[fields];
        _values[(int)field] = value;
        _present |= 1u << (int)field;
    }

    /// <summary>Forgets all fields.</summary>
    public void Clear() => _present = 0;

    /// <summary>Takes what the other group has and this one lacks.</summary>
    public void Merge(FieldGroup other)
    {
        for (int i = 0; i < ReportFields.Count; i++)
        {
            if (other.Has((ReportField)i))
                Set((ReportField)i, other._values[i]);
        }
    }
}
