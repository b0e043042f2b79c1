using System.CommandLine;
using System.Runtime.InteropServices;
using BounceMx.Hosting;
using BounceMx.Intake;
using BounceMx.Smtp;

namespace BounceMx.Cli;

/// <summary><c>bouncemx serve</c>: the server.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var smtp = new Option<string[]>("--smtp")
        {
            Description = "Listen for SMTP here; may be given several times",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => [],
        };
        var admin = new Option<string?>("--admin")
        {
            Description = "Listen for the admin page and health checks here",
            HelpName = "HOST:PORT",
        };
        var data = new Option<string?>("--data") { Description = "The data folder", HelpName = "DIR" };
        var redis = new Option<string?>("--redis") { Description = "Publish to this Redis, such as localhost:6379", HelpName = "CONFIG" };
        var domain = new Option<string[]>("--domain")
        {
            Description = "A bounce domain; may be given several times",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var selfSigned = new Option<bool>("--tls-self-signed")
        {
            Description = "Offer STARTTLS with a certificate made at the start, for trying out",
        };
        Option<string?> config = ConfigCommand.CreateConfigOption();
        var command = new Command("serve", "Run the server (the default)") { smtp, admin, data, redis, domain, selfSigned, config };
        command.SetAction(
            (result, cancellationToken) =>
            {
                var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
                AddList(overrides, "Smtp:Listen", result.GetValue(smtp)!);
                AddList(overrides, "Verp:Domains", result.GetValue(domain)!);
                Add(overrides, "Admin:Listen", result.GetValue(admin));
                Add(overrides, "Storage:Folder", result.GetValue(data));
                Add(overrides, "Redis:Configuration", result.GetValue(redis));
                Add(overrides, "Tls:SelfSigned", result.GetValue(selfSigned) ? "true" : null);
                return RunAsync(ConfigurationLoader.Load(result.GetValue(config), overrides), cancellationToken);
            }
        );
        return command;
    }

    private static void Add(Dictionary<string, string?> overrides, string key, string? value)
    {
        if (value is not null)
            overrides[key] = value;
    }

    private static void AddList(Dictionary<string, string?> overrides, string key, string[] values)
    {
        for (int i = 0; i < values.Length; i++)
            overrides[$"{key}:{i}"] = values[i];
    }

    private static async Task<int> RunAsync(IConfigurationRoot configuration, CancellationToken cancellationToken)
    {
        using var terminate = new SecondSignal(PosixSignal.SIGTERM);
        using var interrupt = new SecondSignal(PosixSignal.SIGINT);
        await using WebApplication app = ServerHost.Build(configuration);
        if (!await ServerHost.StartAsync(app, cancellationToken))
            return 0;
        Tell(app.Services.GetRequiredService<VerpPlan>(), app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BounceMx"));
        Announce(configuration);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Tell(VerpPlan verp, ILogger logger)
    {
        if (verp.Options.Keys.Count == 0)
            IntakeLog.NotChecked(logger);
        else
            IntakeLog.Checked(logger, string.Join(", ", verp.Options.Keys.Select(key => key.Id)));
        if (verp.Options.Domains.Count == 0)
            IntakeLog.AnyDomain(logger);
        if (verp.OpenKeyFileMode is { } mode)
            IntakeLog.OpenKeyFile(logger, verp.KeyFile!, mode);
    }

    private static void Announce(IConfigurationRoot configuration)
    {
        foreach (SmtpListenerPlan listener in SmtpListenerPlan.All(configuration))
            Console.WriteLine($"SMTP{(listener.Options.Tls == TlsMode.Implicit ? " over TLS" : "")} listening on {listener.Endpoint}");
        var admin = configuration.Get<AdminSettings>("Admin");
        if (admin.Enabled)
            Console.WriteLine($"Admin listening on http://{admin.Listen}");
    }
}
