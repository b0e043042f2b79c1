namespace BounceMx.Publishing;

/// <summary>When the journal also writes a line to standard output.</summary>
internal enum ConsoleLines
{
    /// <summary>When standard output is a terminal: lines hold addresses, which do not belong into collected logs unasked.</summary>
    Auto,

    /// <summary>Always.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>Section <c>Journal</c>: the events as JSON Lines files in the data folder.</summary>
internal sealed class JournalOptions
{
    /// <summary>Whether the journal is written. Default: yes, it is the sink that needs nothing.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A line for people on standard output, one an event.</summary>
    public ConsoleLines Console { get; set; }
}
