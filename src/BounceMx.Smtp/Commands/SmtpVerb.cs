namespace BounceMx.Smtp.Commands;

/// <summary>The commands that the server knows by name, implemented or not.</summary>
internal enum SmtpVerb : byte
{
    /// <summary>None that we know.</summary>
    Unknown,
    Ehlo,
    Helo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
    Expn,

    /// <summary>RFC 1985: a request to be sent mail; we send none.</summary>
    Etrn,

    /// <summary>RFC 4954; there is nobody to log in.</summary>
    Auth,

    /// <summary>RFC 3207.</summary>
    StartTls,

    /// <summary>RFC 3030; offered where configured.</summary>
    Bdat,
}
