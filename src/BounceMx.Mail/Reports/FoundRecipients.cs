namespace BounceMx.Mail.Reports;

/// <summary>
/// The recipients that were found in a text, each once, in their order; and those who stand in it as something else: who sent, who helps,
/// who has the message. Does not look for them.
/// </summary>
internal sealed class FoundRecipients
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who is written to, and who wrote the original: named in prose, they are not who failed.</summary>
    private readonly HashSet<string> _senders = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of a role that are named in passing; one is taken when nobody else can be who failed.</summary>
    private readonly HashSet<string> _roles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who waits, as a heading says.</summary>
    private HashSet<string>? _waiting;

    /// <summary>At most <see cref="StatusFields.MaxRecipients"/>.</summary>
    public List<string> All { get; } = [];

    /// <summary>Whether there were more.</summary>
    public bool Limited { get; private set; }

    /// <summary>What the heading above says of those who are added.</summary>
    public DsnAction Heading { get; set; }

    /// <summary>Whether a recipient stands under a heading of its own that says that the message will still be tried.</summary>
    public bool IsWaiting(string recipient) => _waiting is not null && _waiting.Contains(recipient) && _waiting.Count < All.Count;

    public bool IsSender(string address) => _senders.Contains(address);

    /// <summary>Takes the first address of a field for a sender's.</summary>
    public void AddSender(ReadOnlyMemory<byte> field)
    {
        if (AddressText.Find(field.Span, out _) is { } sender)
            _senders.Add(sender);
    }

    /// <summary>Takes an address for none of a recipient's, wherever it stands.</summary>
    public void Dismiss(string address) => _seen.Add(address);

    /// <summary>Adds a recipient.</summary>
    /// <returns>Whether it was not known yet.</returns>
    public bool Add(string address)
    {
        if (!AddressText.IsMailbox(address) || !_seen.Add(address))
            return false;
        if (All.Count == StatusFields.MaxRecipients)
        {
            Limited = true;
            return false;
        }

        All.Add(address);
        if (Heading == DsnAction.Delayed)
            (_waiting ??= new(StringComparer.OrdinalIgnoreCase)).Add(address);
        return true;
    }

    /// <summary>Adds all addresses of a line.</summary>
    public void AddAll(ReadOnlySpan<byte> line)
    {
        for (; !Limited && AddressText.Find(line, out Range where) is { } address; line = line[where.End..])
            Add(address);
    }

    /// <summary>Adds all addresses of a line but those of senders and of roles.</summary>
    public void AddOthers(ReadOnlySpan<byte> line)
    {
        for (; !Limited && AddressText.Find(line, out Range where) is { } address; line = line[where.End..])
        {
            if (_senders.Contains(address))
                continue;
            if (!HelperWords.IsRole(address))
                Add(address);
            else if (!_seen.Contains(address))
                _roles.Add(address);
        }
    }

    /// <summary>Adds the one of a role that was named.</summary>
    public void AddOnlyRole()
    {
        if (_roles.Count == 1)
            All.AddRange(_roles);
    }

    /// <summary>Forgets whom it found.</summary>
    public void Clear()
    {
        foreach (string recipient in All)
            _seen.Remove(recipient);
        All.Clear();
    }
}
