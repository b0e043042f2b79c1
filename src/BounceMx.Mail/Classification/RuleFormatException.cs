namespace BounceMx.Mail.Classification;

/// <summary>A rule book cannot be loaded: its message names the file, the rule and the key.</summary>
public sealed class RuleFormatException : FormatException
{
    /// <summary>Without a message; only for completeness.</summary>
    public RuleFormatException() { }

    /// <summary>With a message.</summary>
    /// <param name="message">One line that names the file, the rule and the key.</param>
    public RuleFormatException(string message)
        : base(message) { }

    /// <summary>With a message and what led to it.</summary>
    /// <param name="message">One line that names the file, the rule and the key.</param>
    /// <param name="innerException">What led to it.</param>
    public RuleFormatException(string message, Exception innerException)
        : base(message, innerException) { }
}
