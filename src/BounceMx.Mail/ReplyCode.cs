using System.Globalization;

namespace BounceMx.Mail;

/// <summary>An SMTP reply code (RFC 5321 section 4.2).</summary>
/// <param name="Value">200 to 599.</param>
public readonly record struct ReplyCode(int Value)
{
    /// <summary>2 success, 3 go on, 4 transient failure, 5 permanent failure.</summary>
    public int Class => Value / 100;

    /// <summary>The three digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
