namespace BounceMx.Mail.Reports;

/// <summary>What in a header speaks for a bounce.</summary>
[Flags]
internal enum Signs
{
    None = 0,

    /// <summary>Exim's X-Failed-Recipients.</summary>
    FailedRecipients = 1,

    /// <summary>A Content-Type that names a delivery status.</summary>
    ReportType = 2,

    /// <summary>From a mailer daemon, or from nobody.</summary>
    Daemon = 4,

    /// <summary>From postmaster or an administrator: a mail system, or a person.</summary>
    Postmaster = 8,

    /// <summary>A null Return-Path.</summary>
    NullSender = 16,

    /// <summary>The subject of a failure or a delay.</summary>
    Subject = 32,

    /// <summary>The same, forwarded by a person.</summary>
    Forward = 64,

    /// <summary>Nothing says whether the reverse-path is null.</summary>
    UnknownSender = 128,
}

/// <summary>The signs of one header.</summary>
internal readonly record struct BounceSign(Signs Signs)
{
    private static readonly (Signs Sign, string Text)[] _texts =
    [
        (Signs.FailedRecipients, "X-Failed-Recipients"),
        (Signs.Daemon, "From a mail system"),
        (Signs.Postmaster, "From a mail system"),
        (Signs.Subject, "Subject of a failure"),
        (Signs.NullSender, "null Return-Path"),
        (Signs.ReportType, "Content-Type of a delivery status"),
        (Signs.Forward, "Subject of a forwarded failure"),
    ];

    /// <summary>The most telling of the signs, in words.</summary>
    public override string ToString()
    {
        foreach ((Signs sign, string text) in _texts)
        {
            if (Has(sign))
                return text;
        }

        return "";
    }

    /// <summary>
    /// Whether a mail system wrote it under the subject of a failure, and as far as we know not to be answered: then the text need not say so
    /// again in words that we understand.
    /// </summary>
    public bool IsPlain => Has(Signs.Subject) && Has(Signs.Daemon | Signs.Postmaster) && Has(Signs.NullSender | Signs.UnknownSender);

    /// <summary>Whether a failure reply that the text quotes is a failure of a message, whatever the words around it.</summary>
    public bool TellsReplies => Has(Signs.Daemon | Signs.Postmaster) || (Has(Signs.Subject) && Has(Signs.NullSender));

    private bool Has(Signs any) => (Signs & any) != Signs.None;
}
