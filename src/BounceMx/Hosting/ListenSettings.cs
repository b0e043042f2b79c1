using System.ComponentModel.DataAnnotations;
using BounceMx.Smtp;

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

    /// <summary>These listeners as ADDRESS:PORT, each with the key that it comes from.</summary>
    public IReadOnlyList<(string Key, string Endpoint)> Endpoints() =>
        Listen.Length > 0 ? [.. Listen.Select((endpoint, i) => ($"Smtp:Listen:{i}", endpoint))] : [("Smtp:Port", $"{Address}:{Port}")];
}

/// <summary>
/// Section <c>Smtp:Listeners:NAME</c>: one more listener. Beside this key it may hold any of <see cref="SmtpServerOptions"/>; what it does not
/// say, section <c>Smtp</c> does.
/// </summary>
internal sealed class SmtpListenerSettings
{
    /// <summary>ADDRESS:PORT; has to be given.</summary>
    [ListenEndpoint]
    public string Listen { get; set; } = "";
}

/// <summary>A listener as it is to be opened.</summary>
/// <param name="Key">The key that its endpoint comes from.</param>
/// <param name="Endpoint">ADDRESS:PORT.</param>
/// <param name="Options">What is enforced on it.</param>
internal sealed record SmtpListenerPlan(string Key, string Endpoint, SmtpServerOptions Options)
{
    /// <summary>All listeners: those of section <c>Smtp</c>, and the named ones.</summary>
    public static IReadOnlyList<SmtpListenerPlan> All(IConfigurationRoot configuration)
    {
        var shared = configuration.Get<SmtpServerOptions>("Smtp");
        return
        [
            .. configuration.Get<SmtpListenSettings>("Smtp").Endpoints().Select(at => new SmtpListenerPlan(at.Key, at.Endpoint, shared)),
            .. Settings
                .ListenerSections(configuration)
                .Select(section => new SmtpListenerPlan(
                    $"{section}:Listen",
                    configuration.Get<SmtpListenerSettings>(section).Listen,
                    configuration.Get<SmtpServerOptions>("Smtp", section)
                )),
        ];
    }
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
