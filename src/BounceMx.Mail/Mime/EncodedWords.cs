using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Decodes header text: RFC 2047 encoded words, B and Q, adjacent ones joined before their charset is applied, so that a character split
/// over two words survives. Broken words stay as they are. Text outside of words is UTF-8 (RFC 6532), or whatever it proves to be.
/// </summary>
internal static class EncodedWords
{
    /// <summary>Longer header values are read this far: far beyond what a record keeps.</summary>
    private const int MaxInput = 16 * 1024;

    /// <summary>Decodes, unfolds and cleans a header value.</summary>
    /// <param name="value">The raw value, folded or not.</param>
    /// <param name="maxOctets">The UTF-8 length to which it is cut, at a character.</param>
    public static string Decode(ReadOnlySpan<byte> value, int maxOctets)
    {
        value = value[..Math.Min(value.Length, MaxInput)];
        if (value.IndexOf("=?"u8) < 0 && Ascii.IsValid(value) && !value.Contains((byte)0x1B))
            return TextCleaner.Clean(value, maxOctets);

        var text = new StringBuilder(value.Length);
        while (!value.IsEmpty)
        {
            int plain = FindWord(value, out Word word);
            // White space between two words is not part of the text (RFC 2047 section 6.2); AppendRun has eaten it.
            text.Append(Charsets.Decode(value[..plain], default));
            value = value[plain..];
            if (!value.IsEmpty)
                value = value[AppendRun(value, word, text)..];
        }

        return TextCleaner.Clean(text.ToString(), maxOctets);
    }

    /// <summary>Appends a run of adjacent words that share a charset; returns the length of the run.</summary>
    private static int AppendRun(ReadOnlySpan<byte> value, Word word, StringBuilder text)
    {
        var octets = new ArrayBufferWriter<byte>(word.Length);
        int at = 0;
        Word next = word;
        while (true)
        {
            octets.Write(Unpack(value.Slice(at + next.Text, next.TextLength), next.IsBase64).Span);
            at += next.Length;
            int gap = value[at..].IndexOfAnyExcept(" \t\r\n"u8);
            if (gap < 0 || !TryWord(value[(at + gap)..], out Word following))
                break;
            // At a change of charset the run ends; the white space before the next word goes with it.
            bool same = Ascii.EqualsIgnoreCase(
                value.Slice(word.Charset, word.CharsetLength),
                value.Slice(at + gap + following.Charset, following.CharsetLength)
            );
            at += gap;
            if (!same)
                break;
            next = following;
        }

        text.Append(Charsets.Decode(octets.WrittenSpan, value.Slice(word.Charset, word.CharsetLength)));
        return at;
    }

    private static int FindWord(ReadOnlySpan<byte> value, out Word word)
    {
        int at = 0;
        while (at < value.Length)
        {
            int found = value[at..].IndexOf("=?"u8);
            if (found < 0)
                break;
            at += found;
            if (TryWord(value[at..], out word))
                return at;
            at += 2;
        }

        word = default;
        return value.Length;
    }

    /// <summary>Reads <c>=?charset?B?text?=</c> at the start of <paramref name="value"/>.</summary>
    private static bool TryWord(ReadOnlySpan<byte> value, out Word word)
    {
        word = default;
        if (!value.StartsWith("=?"u8))
            return false;
        // A word is at most 75 octets by the book; 1,000 keeps a header of broken ones linear.
        value = value[..Math.Min(value.Length, 1000)];
        int charset = value[2..].IndexOf((byte)'?');
        if (charset <= 0 || value.Length < charset + 6 || value[charset + 4] != '?')
            return false;
        bool isBase64 = (value[charset + 3] | 0x20) == 'b';
        if (!isBase64 && (value[charset + 3] | 0x20) != 'q')
            return false;
        int text = charset + 5;
        int length = value[text..].IndexOf("?="u8);
        if (length < 0 || !Charsets.IsKnown(value.Slice(2, charset)))
            return false;
        word = new Word(2, charset, text, length, isBase64);
        return true;
    }

    private static ReadOnlyMemory<byte> Unpack(ReadOnlySpan<byte> text, bool isBase64)
    {
        if (isBase64)
            return TransferEncoding.DecodeBase64(text);
        byte[] spaced = text.ToArray();
        spaced.AsSpan().Replace((byte)'_', (byte)' ');
        return TransferEncoding.DecodeQuotedPrintable(spaced);
    }

    /// <summary>Where the pieces of a word lie, from its start.</summary>
    private readonly record struct Word(int Charset, int CharsetLength, int Text, int TextLength, bool IsBase64)
    {
        public int Length => Text + TextLength + 2;
    }
}
