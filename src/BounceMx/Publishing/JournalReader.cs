using System.Text;

namespace BounceMx.Publishing;

/// <summary>Reads the journal's files in the order of their days, beside a server that writes them. Holds one piece of a file at a time.</summary>
internal sealed class JournalReader(string folder)
{
    private const int PieceSize = 64 * 1024;

    private string _file = "";
    private long _position;

    /// <summary>Moves to where the last <paramref name="count"/> events begin; <see cref="ReadNew"/> goes on from there.</summary>
    public void SkipToLast(int count)
    {
        foreach (string file in Files().Reverse())
        {
            _file = file;
            using FileStream stream = Open(file);
            _position = FindLast(stream, ref count);
            if (count == 0)
                return;
        }
    }

    /// <summary>The events from here to the end, each a line without its end.</summary>
    public IEnumerable<string> ReadNew()
    {
        foreach (string file in Files().Where(file => string.CompareOrdinal(file, _file) >= 0))
        {
            if (file != _file)
                (_file, _position) = (file, 0);
            using FileStream stream = Open(file);
            stream.Position = _position;
            foreach (string line in ReadLines(stream))
                yield return line;
        }
    }

    // A line counts when its end is there: the writer may be in the middle of one.
    private IEnumerable<string> ReadLines(FileStream stream)
    {
        var piece = new byte[PieceSize];
        int kept = 0;
        while (stream.Read(piece, kept, piece.Length - kept) is var read and > 0)
        {
            int length = kept + read;
            int start = 0;
            while (piece.AsSpan(start, length - start).IndexOf((byte)'\n') is var end and >= 0)
            {
                yield return Encoding.UTF8.GetString(piece, start, end);
                start += end + 1;
                _position += end + 1;
            }
            kept = length - start;
            if (start == 0 && kept == piece.Length)
                Array.Resize(ref piece, piece.Length * 2);
            else
                Buffer.BlockCopy(piece, start, piece, 0, kept);
        }
    }

    // Where the last lines begin, that is behind the line feed before them; reduces the count by how many there are.
    private static long FindLast(FileStream stream, ref int count)
    {
        var piece = new byte[PieceSize];
        for (long end = stream.Length; end > 0; )
        {
            int length = (int)Math.Min(piece.Length, end);
            stream.Position = end - length;
            stream.ReadExactly(piece, 0, length);
            for (int i = length - 1; i >= 0; i--)
            {
                if (piece[i] != '\n')
                    continue;
                if (count == 0)
                    return end - length + i + 1;
                count--;
            }
            end -= length;
        }
        return 0;
    }

    private string[] Files()
    {
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
