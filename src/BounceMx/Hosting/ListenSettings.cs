using System.ComponentModel.DataAnnotations;
using BounceMx.Smtp;

namespace BounceMx.Hosting;

/// <summary>Section <c>Smtp</c>, where to listen; what a session enforces is <see cref="Smtp.SmtpServerOptions"/>.</summary>
internal sealed class SmtpListenSettings
{
    /// <summary>The address to listen on. Default: this machine only; a public MX says <c>*</c>, which is every address, IPv4 and IPv6.</summary>
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
    /// <summary>ADDRESS:PORT, or a list of them; one at least has to be given.</summary>
    [ListenEndpoint, OneOrMore]
    public string[] Listen { get; set; } = [];
}

/// <summary>A listener as it is to be opened.</summary>
/// <param name="Section"><c>Smtp</c>, or that of a named listener.</param>
/// <param name="Key">The key that its endpoint comes from.</param>
/// <param name="Endpoint">ADDRESS:PORT.</param>
/// <param name="Options">What is enforced on it.</param>
internal sealed record SmtpListenerPlan(string Section, string Key, string Endpoint, SmtpServerOptions Options)
{
    /// <summary>All listeners: those of section <c>Smtp</c>, and the named ones.</summary>
    public static IReadOnlyList<SmtpListenerPlan> All(IConfigurationRoot configuration)
    {
        IReadOnlyList<(string Key, string Endpoint)> first = configuration.Get<SmtpListenSettings>("Smtp").Endpoints();
        return
        [
            .. On("Smtp", first, configuration.Get<SmtpServerOptions>("Smtp")),
            .. Settings
                .ListenerSections(configuration)
                .SelectMany(section =>
                    On(section, Endpoints(configuration, section), configuration.Get<SmtpServerOptions>("Smtp", section))
                ),
        ];
    }

    /// <summary>Where a named listener listens, each with the key that it comes from; empty when that is not set.</summary>
    public static IReadOnlyList<(string Key, string Endpoint)> Endpoints(IConfigurationRoot configuration, string section) =>
        Settings.ReadList(configuration, $"{section}:{nameof(SmtpListenerSettings.Listen)}") ?? [];

    private static IEnumerable<SmtpListenerPlan> On(
        string section,
        IReadOnlyList<(string Key, string Endpoint)> endpoints,
        SmtpServerOptions options
    ) => endpoints.Select(at => new SmtpListenerPlan(section, at.Key, at.Endpoint, options));
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
