using System.ComponentModel.DataAnnotations;
using System.Net;

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
