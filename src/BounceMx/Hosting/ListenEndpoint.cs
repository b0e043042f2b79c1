using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace BounceMx.Hosting;

/// <summary>Reads where to listen: <c>127.0.0.1:2525</c>, <c>[::1]:2525</c>, <c>localhost:2525</c>, <c>*:2525</c>.</summary>
internal static class ListenEndpoint
{
    public const string Allowed = "ADDRESS:PORT such as 127.0.0.1:2525, [::1]:2525, localhost:2525 or *:2525";

    /// <summary><c>localhost</c> is 127.0.0.1, <c>*</c> every address of this machine, IPv6 included.</summary>
    public static bool TryParse(string text, out IPEndPoint endpoint)
    {
        text =
            text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text[9..]
            : text.StartsWith("*:", StringComparison.Ordinal) ? "[::]" + text[1..]
            : text;
        // IPEndPoint alone would take an address without a port.
        bool hasPort = text.LastIndexOf(':') > text.LastIndexOf(']') && (text[0] == '[' || text.Count(c => c == ':') == 1);
        if (hasPort && IPEndPoint.TryParse(text, out IPEndPoint? parsed) && parsed.Port > 0)
        {
            endpoint = parsed;
            return true;
        }
        endpoint = new IPEndPoint(IPAddress.None, 0);
        return false;
    }

    /// <summary>The same for a text that was checked.</summary>
    /// <exception cref="FormatException">It was not.</exception>
    public static IPEndPoint Parse(string text) =>
        TryParse(text, out IPEndPoint endpoint) ? endpoint : throw new FormatException($"\"{text}\" is not {Allowed}");

    /// <summary>Tries the endpoints before the server is built, so that the message can name the key.</summary>
    /// <exception cref="UsageException">One is given twice, taken, not ours, or not allowed.</exception>
    public static void EnsureFree(IReadOnlyList<(string Key, string Endpoint)> endpoints)
    {
        var tried = new HashSet<IPEndPoint>();
        foreach ((string key, string text) in endpoints)
        {
            IPEndPoint endpoint = Parse(text);
            string? fault = tried.Add(endpoint) ? Try(endpoint) : "given twice";
            if (fault is not null)
                throw new UsageException($"{key} is \"{text}\": {fault}; allowed: an address of this machine with a free port");
        }
    }

    private static string? Try(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel does it: all addresses of IPv6 are those of IPv4, too.
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endpoint);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}

/// <summary>The value is ADDRESS:PORT.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListenEndpointAttribute() : ValidationAttribute(ListenEndpoint.Allowed)
{
    public override bool IsValid(object? value) => value is string text && text.Length > 0 && ListenEndpoint.TryParse(text, out _);
}

/// <summary>The value is an address to listen on.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListenAddressAttribute() : ValidationAttribute("an IP address such as 127.0.0.1, 0.0.0.0 or [::], localhost, or *")
{
    public override bool IsValid(object? value) => value is string { Length: > 0 } text && ListenEndpoint.TryParse($"{text}:25", out _);
}
