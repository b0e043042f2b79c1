using System.Text;

namespace BounceMx.Publishing;

/// <summary>Leaves out the spaces at the ends of lines with which tables are filled up.</summary>
internal sealed class TrimmingWriter(TextWriter inner) : TextWriter
{
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _spaces++;
            return;
        }
        for (; _spaces > 0; _spaces--)
        {
            if (value is not ('\r' or '\n'))
                inner.Write(' ');
        }
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}
