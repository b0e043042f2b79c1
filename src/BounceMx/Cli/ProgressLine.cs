using System.Globalization;

namespace BounceMx.Cli;

/// <summary>
/// How far a long reading has come: one line of a terminal, drawn over and over, at most ten times a second, and not before a second has gone by.
/// Whoever else writes to the terminal calls <see cref="Clear"/> first.
/// </summary>
/// <param name="terminal">Standard error, where that is a terminal; else <see cref="TextWriter.Null"/>.</param>
/// <param name="total">Octets to read; 0 when that is not known.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(TextWriter terminal, long total, TimeProvider time) : IDisposable
{
    private const int Width = 30;

    /// <summary>ECMA-48: to the first column, and erase to the end of the line.</summary>
    private const string Erase = "\r\e[K";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = Patience;
    private long _octets;
    private int _messages;
    private bool _isDrawn;

    /// <summary>Counts a message.</summary>
    public void Advance(long octets)
    {
        _octets += octets;
        _messages++;
        TimeSpan elapsed = time.GetElapsedTime(_start);
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        _isDrawn = true;
        double rate = _messages / elapsed.TotalSeconds;
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"{Erase}{Bar()}{_messages:N0} messages, {rate:N0} a second"));
        terminal.Flush();
    }

    /// <summary>Takes the line away, until it is drawn again.</summary>
    public void Clear()
    {
        if (!_isDrawn)
            return;
        _isDrawn = false;
        terminal.Write(Erase);
        terminal.Flush();
    }

    public void Dispose() => Clear();

    private string Bar()
    {
        if (total <= 0)
            return "";
        double part = Math.Min(1, (double)_octets / total);
        int full = (int)(part * Width);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', full)}{new string('.', Width - full)}] {part * 100, 3:N0} %  "
        );
    }
}
