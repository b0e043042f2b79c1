using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BounceMx.Smtp.Proxy;

namespace BounceMx.Smtp.Tests.Proxy;

/// <summary>Headers to read, and what reading them gives.</summary>
internal static class ProxyHeaders
{
    public const byte Local = 0x20;
    public const byte Proxied = 0x21;
    public const byte Unspecified = 0x00;
    public const byte Tcp4 = 0x11;
    public const byte Tcp6 = 0x21;
    public const byte UnixStream = 0x31;

    /// <summary>192.0.2.1 to 198.51.100.1, ports 56324 and 25.</summary>
    public static readonly byte[] Addresses4 = Convert.FromHexString("C0000201C6336401DC040019");

    /// <summary>2001:db8::1 to 2001:db8::2, ports 56324 and 25.</summary>
    public static readonly byte[] Addresses6 = Convert.FromHexString(
        "20010DB800000000000000000000000120010DB8000000000000000000000002DC040019"
    );

    /// <summary>A header of each kind.</summary>
    public static readonly byte[][] Valid =
    [
        Version1("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n"),
        Version1("PROXY TCP6 2001:db8::1 2001:db8::2 56324 25\r\n"),
        Version1("PROXY UNKNOWN\r\n"),
        Version1("PROXY UNKNOWN ffff::1 x  y\r\n"),
        Version2(Proxied, Tcp4, Addresses4),
        Version2(Proxied, Tcp6, Addresses6),
        Version2(Proxied, Tcp4, [.. Addresses4, 0x04, 0x00, 0x03, 1, 2, 3]), // PP2_TYPE_NOOP
        Version2(Proxied, Unspecified, []),
        Version2(Proxied, UnixStream, new byte[216]),
        Version2(Local, Unspecified, []),
        Version2(Local, Tcp4, Addresses4),
    ];

    public static byte[] Version1(string line) => Encoding.Latin1.GetBytes(line);

    public static byte[] Version2(byte command, byte family, byte[] rest)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)rest.Length);
        return [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, .. length, .. rest];
    }

    /// <summary>Reads octets that stand in two segments.</summary>
    public static (OperationStatus Status, ProxyHeader Header, byte[] Behind) Parse(ReadOnlySpan<byte> octets, int cut = 0)
    {
        var first = new Segment(octets[..cut].ToArray(), before: null);
        var last = new Segment(octets[cut..].ToArray(), first);
        var buffer = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        OperationStatus status = ProxyHeaderParser.Parse(ref buffer, out ProxyHeader header);
        return (status, header, buffer.ToArray());
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, Segment? before)
        {
            Memory = octets;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            if (before is not null)
                before.Next = this;
        }
    }
}
