using System.Text;

namespace BounceMx.Publishing;

/// <summary>Leaves out the spaces at the ends of lines with which tables are filled up.</summary>
internal sealed class TrimmingWriter(TextWriter inner) : TextWriter
{
    private readonly StringBuilder _trimmed = new();

    /// <summary>Spaces that are at the end of their line, or not: what follows tells.</summary>
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        foreach (char c in value ?? "")
        {
            if (c == ' ')
            {
                _spaces++;
                continue;
            }
            if (c is not ('\r' or '\n'))
                _trimmed.Append(' ', _spaces);
            _spaces = 0;
            _trimmed.Append(c);
        }
        // At once: each write to the console is one to the system.
        inner.Write(_trimmed);
        _trimmed.Clear();
    }

    public override void Flush() => inner.Flush();
}
