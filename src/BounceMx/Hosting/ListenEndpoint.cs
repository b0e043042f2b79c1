using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

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

    /// <summary>Where the server listens, each with the key that it comes from.</summary>
    public static IReadOnlyList<(string Key, string Endpoint)> All(IConfigurationRoot configuration)
    {
        var admin = configuration.Get<AdminSettings>("Admin");
        return
        [
            .. SmtpListenerPlan.All(configuration).Select(listener => (listener.Key, listener.Endpoint)),
            .. admin.Enabled ? [("Admin:Listen", admin.Listen)] : ((string, string)[])[],
        ];
    }

    /// <summary>Whether not both can be listened on: the ports are the same, and so are the addresses, or one stands for the other.</summary>
    public static bool Overlap(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && (Covers(one.Address, other.Address) || Covers(other.Address, one.Address));

    // IPv6's any address is IPv4's, too: Kestrel listens in dual mode.
    private static bool Covers(IPAddress all, IPAddress address) =>
        all.Equals(address)
        || all.Equals(IPAddress.IPv6Any)
        || (all.Equals(IPAddress.Any) && address.AddressFamily == AddressFamily.InterNetwork);

    /// <summary>Tries the endpoints, all at once, before the server is built, so that the message can name the key.</summary>
    /// <exception cref="UsageException">One is taken, not ours, or not allowed.</exception>
    public static void EnsureFree(IReadOnlyList<(string Key, string Endpoint)> endpoints)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach ((string key, string text) in endpoints)
            {
                try
                {
                    sockets.Add(SocketTransportOptions.CreateDefaultBoundListenSocket(Parse(text)));
                    // As addresses may be used anew, two sockets can be bound to the same one; only one can listen.
                    sockets[^1].Listen();
                }
                catch (SocketException e)
                {
                    throw new UsageException($"{key} is \"{text}\": {e.Message}; allowed: an address of this machine with a free port", e);
                }
            }
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
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
