using System.Text;

namespace BounceMx.Publishing;

/// <summary>
/// Reads the journal's files in their order, beside a server that writes them and removes old ones, and logrotate, which moves them. Holds one
/// piece of a file at a time.
/// </summary>
internal sealed class JournalReader(string folder) : IDisposable
{
    private const int PieceSize = 64 * 1024;

    private readonly JournalFiles _files = new(folder);

    // Kept open, so that its end can be read even when it was moved or removed meanwhile.
    private FileStream? _file;
    private FilePlace? _place;
    private long _position;

    /// <summary>Moves to where the last <paramref name="count"/> events begin; <see cref="ReadNew"/> goes on from there.</summary>
    public void SkipToLast(int count)
    {
        foreach (string path in _files.Paths().Reverse())
        {
            if (!TryOpen(path))
                continue;
            _position = FindLast(_file!, ref count);
            if (count == 0)
                return;
        }
    }

    /// <summary>The events from here to the end, each a line without its end.</summary>
    public IEnumerable<string> ReadNew()
    {
        // Asked first: where a next file is there, this one is complete.
        string[] next = [.. _files.Paths().Where(IsNext)];
        if (_file is not null)
        {
            foreach (string line in ReadLines(_file))
                yield return line;
        }
        foreach (string path in next.Where(TryOpen))
        {
            foreach (string line in ReadLines(_file!))
                yield return line;
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool IsNext(string path)
    {
        if (_file is null)
            return true;
        int order = string.CompareOrdinal(Path.GetFileName(path), Path.GetFileName(_file.Name));
        return order > 0 || (order == 0 && !_place!.IsKept());
    }

    private bool TryOpen(string path)
    {
        try
        {
            // Unbuffered: what a crash cut off is replaced under us.
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Dispose();
            (_file, _place, _position) = (file, new FilePlace(file), 0);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was old, and went just now.
            return false;
        }
    }

    // A line counts when its end is there: the writer may be in the middle of one.
    private IEnumerable<string> ReadLines(FileStream stream)
    {
        var piece = new byte[PieceSize];
        int kept = 0;
        stream.Position = _position;
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
}
