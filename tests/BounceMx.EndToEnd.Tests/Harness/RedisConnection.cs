using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// As much of Redis' protocol (RESP 2) as the tests need: a command out, a reply in. The server's own client library is not used,
/// so that the count of what was published rests on nothing that is under test.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private RedisConnection(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = new BufferedStream(tcp.GetStream(), 64 * 1024);
    }

    public static async Task<RedisConnection> ConnectAsync(int port, string? password)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        var connection = new RedisConnection(tcp);
        if (password is not null)
            await connection.ExecuteAsync("AUTH", password);
        return connection;
    }

    /// <summary>A <see cref="string"/>, a <see cref="long"/>, an array of these, or <c>null</c>.</summary>
    /// <exception cref="InvalidOperationException">Redis replied with an error.</exception>
    public async Task<object?> ExecuteAsync(params string[] command)
    {
        var request = new StringBuilder($"*{command.Length}\r\n");
        foreach (var argument in command)
            request.Append($"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()));
        await _stream.FlushAsync();
        return await Task.Run(ReadReply);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _tcp.Dispose();
    }

    private object? ReadReply()
    {
        var line = ReadLine();
        return line[0] switch
        {
            '+' => line[1..],
            '-' => throw new InvalidOperationException(line[1..]),
            ':' => long.Parse(line.AsSpan(1)),
            '$' => ReadBulk(int.Parse(line.AsSpan(1))),
            '*' => ReadArray(int.Parse(line.AsSpan(1))),
            _ => throw new InvalidDataException(line),
        };
    }

    private string? ReadBulk(int length)
    {
        if (length < 0)
            return null;
        var octets = new byte[length + 2];
        _stream.ReadExactly(octets);
        return Encoding.UTF8.GetString(octets.AsSpan(0, length));
    }

    private object?[]? ReadArray(int length)
    {
        if (length < 0)
            return null;
        var items = new object?[length];
        for (var i = 0; i < length; i++)
            items[i] = ReadReply();
        return items;
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        for (int octet; (octet = _stream.ReadByte()) != '\r'; line.Append((char)octet))
        {
            if (octet < 0)
                throw new EndOfStreamException("Redis closed the connection");
        }

        _stream.ReadByte();
        return line.ToString();
    }
}
