using System.ComponentModel.DataAnnotations;

namespace BounceMx.Hosting;

/// <summary>Section <c>Smtp</c>, where to listen; what a session enforces is <see cref="Smtp.SmtpServerOptions"/>.</summary>
internal sealed class SmtpListenSettings
{
    /// <summary>The address to listen on. Default: this machine only; a public MX says 0.0.0.0 or [::].</summary>
    [ListenAddress]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port. Default 2525: ports below 1024 need rights that a server should not have (README).</summary>
    [Range(1, 65535, ErrorMessage = "1 to 65535")]
    public int Port { get; set; } = 2525;

    /// <summary>Listeners as ADDRESS:PORT; when there are any, <see cref="Address"/> and <see cref="Port"/> do not count.</summary>
    [ListenEndpoint]
    public string[] Listen { get; set; } = [];

    /// <summary>All listeners as ADDRESS:PORT, each with the key that it comes from.</summary>
    public IReadOnlyList<(string Key, string Endpoint)> Endpoints() =>
        Listen.Length > 0 ? [.. Listen.Select((endpoint, i) => ($"Smtp:Listen:{i}", endpoint))] : [("Smtp:Port", $"{Address}:{Port}")];
}

/// <summary>Section <c>Admin</c>: the listener for health, status and the page for people.</summary>
internal sealed class AdminSettings
{
    /// <summary>ADDRESS:PORT. Default: this machine only, as it asks for no password.</summary>
    [ListenEndpoint]
    public string Listen { get; set; } = "127.0.0.1:8025";

    /// <summary>Whether there is an admin listener.</summary>
    public bool Enabled { get; set; } = true;
}
