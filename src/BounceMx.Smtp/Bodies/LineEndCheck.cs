namespace BounceMx.Smtp.Bodies;

/// <summary>
/// Finds CR and LF that are not part of a CR LF (RFC 5321 section 2.3.8), however the octets are cut. It may look at a message with or
/// without its added dots: a dot is removed only behind a CR LF, which brings no CR together with an LF.
/// </summary>
internal struct LineEndCheck
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private bool _isBehindCr;
    private bool _hasBare;

    /// <summary>Whether one was found, or stands at the end.</summary>
    public readonly bool HasBare => _hasBare || _isBehindCr;

    /// <summary>Reads on.</summary>
    public void Read(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || _hasBare)
            return;
        if (_isBehindCr)
        {
            _isBehindCr = false;
            _hasBare = octets[0] != Lf;
            octets = octets[1..];
        }
        while (!_hasBare && octets.IndexOfAny(Cr, Lf) is >= 0 and var at)
        {
            if (at + 1 == octets.Length)
            {
                _isBehindCr = octets[at] == Cr;
                _hasBare = !_isBehindCr;
                return;
            }
            _hasBare = octets[at] == Lf || octets[at + 1] != Lf;
            octets = octets[(at + 2)..];
        }
    }
}
