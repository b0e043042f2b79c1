using System.Buffers.Binary;

namespace BounceMx.Storage;

/// <summary>
/// Whether a write-ahead log lost commits that it had. SQLite itself reads a log up to the first frame whose checksum is wrong and takes that
/// for its end, as after a power failure it is: what stands behind, mail that got its 250, would be gone without a word.
/// Does: find a commit behind the first bad frame on which another transaction was built. That one began after the commit was on disk, so the bad
/// frame is no tail that never got there.
/// Does not: find that the very last commits are damaged, which looks as if the power had failed while they were written; save what stands behind.
/// Standards: "The WAL-Index and WAL file format" of SQLite, sections 1.1 to 1.4.
/// </summary>
internal static class WalCheck
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;
    private const uint Magic = 0x377f0682; // with the last bit set, checksums are of big-endian words
    private const int MinPage = 512;
    private const int MaxPage = 65536;

    /// <summary>What is wrong with the log, for people; <c>null</c> when nothing is, or there is none.</summary>
    public static string? Find(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 20);
        string name = Path.GetFileName(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        // Its header is on disk before the first frame is written.
        if (file.Length < HeaderSize + FrameHeaderSize + MinPage)
            return null;
        file.ReadExactly(header);
        return Log.TryRead(header, out Log log) ? log.FindGap(file, name) : $"{name} begins with what SQLite did not write";
    }

    private readonly record struct Checksum(uint First, uint Second)
    {
        public static Checksum Read(ReadOnlySpan<byte> stored) =>
            new(BinaryPrimitives.ReadUInt32BigEndian(stored), BinaryPrimitives.ReadUInt32BigEndian(stored[4..]));

        public Checksum Add(ReadOnlySpan<byte> words, bool isBigEndian)
        {
            (uint first, uint second) = this;
            for (; words.Length >= 8; words = words[8..])
            {
                first += Word(words, isBigEndian) + second;
                second += Word(words[4..], isBigEndian) + first;
            }
            return new(first, second);
        }

        private static uint Word(ReadOnlySpan<byte> word, bool isBigEndian) =>
            isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(word) : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    /// <summary>What the header of a log says.</summary>
    /// <param name="PageSize">Octets of a page.</param>
    /// <param name="Salt">What the frames of this log bear, and none that is left from before it began anew.</param>
    /// <param name="Start">What the first frame's checksum begins with.</param>
    /// <param name="IsBigEndian">How checksums read words.</param>
    private readonly record struct Log(int PageSize, ulong Salt, Checksum Start, bool IsBigEndian)
    {
        public static bool TryRead(ReadOnlySpan<byte> header, out Log log)
        {
            uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
            uint pageSize = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
            bool isBigEndian = (magic & 1) != 0;
            Checksum stored = Checksum.Read(header[24..]);
            log = new((int)pageSize, BinaryPrimitives.ReadUInt64BigEndian(header[16..]), stored, isBigEndian);
            return (magic & ~1u) == Magic
                && pageSize is >= MinPage and <= MaxPage
                && new Checksum().Add(header[..24], isBigEndian) == stored;
        }

        public string? FindGap(FileStream file, string name)
        {
            var frame = new byte[FrameHeaderSize + PageSize];
            Checksum before = Start;
            bool isBehindCommit = false;
            long firstBad = 0;
            long count = (file.Length - HeaderSize) / frame.Length;
            for (long number = 1; number <= count; number++)
            {
                file.ReadExactly(frame);
                bool isOurs = BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)) == Salt;
                var stored = Checksum.Read(frame.AsSpan(16));
                bool isGood = isOurs && before.Add(frame.AsSpan(0, 8), IsBigEndian).Add(frame.AsSpan(24), IsBigEndian) == stored;
                if (isGood && isBehindCommit && firstBad > 0)
                    return $"{name} is damaged at its frame {firstBad} of {count}, and what was committed behind it cannot be read";
                if (!isGood && firstBad == 0)
                    firstBad = number;
                isBehindCommit = isOurs && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0;
                before = stored;
            }
            return null;
        }
    }
}
