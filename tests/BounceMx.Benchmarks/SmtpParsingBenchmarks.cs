using System.Buffers;
using BenchmarkDotNet.Attributes;
using BounceMx.Smtp;
using BounceMx.Smtp.Commands;

namespace BounceMx.Benchmarks;

/// <summary>What a message costs in reading SMTP alone: its four command lines, and 4 KiB of text.</summary>
[MemoryDiagnoser]
public class SmtpParsingBenchmarks
{
    private readonly CommandLineReader _lines = new();
    private readonly DataReader _data = new(maxLength: 10 * 1024 * 1024);
    private readonly byte[] _commands =
    [
        .. "MAIL FROM:<> SIZE=4096\r\n"u8,
        .. "RCPT TO:<bounces+alice.liddell=wonderland.example+welcome@bounces.example.com>\r\n"u8,
        .. "DATA\r\n"u8,
        .. "QUIT\r\n"u8,
    ];

    // Lines of 64 octets, one in sixteen with a dot to be removed.
    private readonly byte[] _message =
    [
        .. Enumerable.Range(0, 64).SelectMany(i => (byte[])[i % 16 == 0 ? (byte)'.' : (byte)'x', .. new byte[61], .. "\r\n"u8]),
        .. ".\r\n"u8,
    ];

    /// <summary>Lines to commands.</summary>
    [Benchmark]
    public int Commands()
    {
        var buffer = new ReadOnlySequence<byte>(_commands);
        int count = 0;
        while (_lines.TryRead(ref buffer, out _))
            count++;
        return count;
    }

    /// <summary>A body to the array that the handler gets.</summary>
    [Benchmark]
    public byte[] Message()
    {
        var buffer = new ReadOnlySequence<byte>(_message);
        _data.Read(ref buffer);
        byte[] raw = _data.ToArray();
        _data.Reset();
        return raw;
    }
}
