using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>One change to a message. Places and lengths are fractions of the message, in millionths, so that they fit any.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="At">Where.</param>
/// <param name="Length">Of the piece that is cut, repeated or taken from the other message.</param>
/// <param name="Token">What is inserted, or the octet.</param>
/// <param name="Other">Another message.</param>
internal sealed record Mutation(MutationKind Kind, int At, int Length, int Token, byte[] Other)
{
    private const int Million = 1_000_000;

    /// <summary>A mutated message does not grow beyond this, however often pieces are repeated.</summary>
    private const int MaxOctets = 256 * 1024;

    private static readonly byte[][] _lineEnds = ["\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray(), "\r\r\n"u8.ToArray()];

    /// <summary>Words of the grammars that are read.</summary>
    private static readonly byte[][] _tokens =
    [
        .. new[]
        {
            "\n",
            "\n\n",
            "\r",
            "\0",
            "\u001B$B",
            "\u001B(B",
            "\u00FF\u00C3",
            "From: MAILER-DAEMON@a.test\n",
            "Subject: failure notice\n",
            "Content-Type: multipart/report; boundary=\"b\"\n\n--b\n",
            "Content-Type: message/rfc822\n\n",
            "Content-Type: message/delivery-status\n\n",
            "Content-Type: text/html; charset*0*=utf-8'en'%41; charset*1=b\n\n",
            "Content-Transfer-Encoding: base64\n",
            "Content-Transfer-Encoding: quoted-printable\n",
            "\n--b\n",
            "\n--b--\n",
            "\nFinal-Recipient: rfc822; a@b.test\n",
            "\nOriginal-Recipient: utf-8; a\\x{1F408}@b.test\n",
            "\nAction: failed\n",
            "\nStatus: 5.1.1\n",
            "\nDiagnostic-Code: smtp; 550-5.1.1 x\n 550 5.1.1 y\n",
            "\nLast-Attempt-Date: Thu, 29 Apr 2010 23:34:45 +0900 (JST)\n",
            "\nX-Failed-Recipients: a@b.test, \"c d\"@e.test\n",
            "\n>>> RCPT To:<a@b.test>\n<<< 550-5.1.1 no\n<<< 550 5.1.1 such\n",
            "\n   ----- Original message follows -----\n\nReceived: from x\n",
            "=?utf-8?B?",
            "=?iso-2022-jp?Q?=1B$B?=",
            "?=",
            "=C3=",
            "<a@b.test>",
            "550 5.1.1 user unknown",
            "421-4.7.0",
            "mailbox is full",
            "could not be delivered",
            "<!-- <style> &#64;&lt;",
            "; name=\"\\\"",
            "@",
            "<<<<",
            "((((",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    /// <summary>Any mutation.</summary>
    /// <param name="seeds">Messages that pieces are taken from.</param>
    public static Gen<Mutation> Any(IReadOnlyList<byte[]> seeds) =>
        from kind in Gen.Elements(Enum.GetValues<MutationKind>())
        from at in Gen.Choose(0, Million)
        from length in Gen.Frequency((3, Gen.Choose(0, Million / 50)), (1, Gen.Choose(0, Million)))
        from token in Gen.Choose(0, Million)
        from other in Gen.Elements<byte[]>(seeds)
        select new Mutation(kind, at, length, token, other);

    /// <summary>The message with the change.</summary>
    public byte[] Apply(byte[] message)
    {
        int at = Scale(At, message.Length);
        int end = at + Scale(Length, message.Length - at);
        byte[] changed = Kind switch
        {
            MutationKind.Cut => [.. message[..at], .. message[end..]],
            MutationKind.Truncate => message[..at],
            MutationKind.Repeat =>
            [
                .. message[..end],
                .. Enumerable.Repeat(message[at..end], 1 + (Token % 20)).SelectMany(x => x),
                .. message[end..],
            ],
            MutationKind.Splice => [.. message[..at], .. Other[Scale(Token, Other.Length)..]],
            MutationKind.Implant => [.. message[..at], .. Other[Scale(Token, Other.Length)..], .. message[at..]],
            MutationKind.Flip when at < message.Length =>
            [
                .. message[..at],
                (byte)(message[at] ^ (1 << (Token % 8))),
                .. message[(at + 1)..],
            ],
            MutationKind.Insert => [.. message[..at], .. _tokens[Token % _tokens.Length], .. message[at..]],
            MutationKind.Overwrite => [.. message[..at], .. _tokens[Token % _tokens.Length], .. message[end..]],
            MutationKind.LineEnds => Encoding.Latin1.GetBytes(
                Encoding.Latin1.GetString(message).ReplaceLineEndings(Encoding.Latin1.GetString(_lineEnds[Token % _lineEnds.Length]))
            ),
            _ => message,
        };
        return changed.Length > MaxOctets ? changed[..MaxOctets] : changed;
    }

    private static int Scale(int millionths, int length) => (int)((long)millionths * length / Million);
}

/// <summary>What a <see cref="Mutation"/> does.</summary>
internal enum MutationKind
{
    /// <summary>Takes a piece out.</summary>
    Cut,

    /// <summary>Cuts off the end.</summary>
    Truncate,

    /// <summary>Repeats a piece up to twenty times.</summary>
    Repeat,

    /// <summary>Goes on with the end of another message.</summary>
    Splice,

    /// <summary>Puts the end of another message in between.</summary>
    Implant,

    /// <summary>Flips a bit.</summary>
    Flip,

    /// <summary>Inserts a word of the grammar.</summary>
    Insert,

    /// <summary>Puts a word of the grammar in place of a piece.</summary>
    Overwrite,

    /// <summary>Changes all line ends.</summary>
    LineEnds,
}
