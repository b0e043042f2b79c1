using System.Buffers;
using BenchmarkDotNet.Attributes;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Benchmarks;

/// <summary>What a message costs in reading SMTP alone: its four command lines, and 4 KiB of text.</summary>
[MemoryDiagnoser]
public class SmtpParsingBenchmarks : IDisposable
{
    private readonly CommandLineReader _lines = new();
    private readonly MessageBuffer _body = new(
        new BodyStore(Path.GetTempPath(), new BodyLimits()),
        maxLength: 10 * 1024 * 1024,
        NullLogger.Instance
    );
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

    /// <summary>A body to what the handler gets.</summary>
    [Benchmark]
    public long Message()
    {
        var buffer = new ReadOnlySequence<byte>(_message);
        new DataReader(_body).Read(ref buffer);
        _body.TryComplete(out MessageBody? message, out _);
        _body.Clear();
        return message!.Length;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _body.Dispose();
        GC.SuppressFinalize(this);
    }
}
