using System.Net.Sockets;
using BounceMx.Admin;
using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Rules;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tls;
using BounceMx.Storage;
using BounceMx.Verp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;

namespace BounceMx.Hosting;

/// <summary>
/// The composition root: the one place that knows all parts of the server.
/// Hosted services stop in the reverse order of their start, so intake ends before the analysis, the analysis before the sinks, and the
/// database, which all of them need, is closed last.
/// </summary>
internal static class ServerHost
{
    // What comes after the last message: analysis and sinks end what they are at, the database is closed.
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(10);

    /// <summary>In the data folder: messages that are coming in.</summary>
    private const string BodiesFolder = "incoming";

    /// <summary>Builds the server; nothing runs yet, but the database is open.</summary>
    /// <param name="configuration">All sources.</param>
    /// <param name="clock">The clock of all parts; the system's by default.</param>
    /// <exception cref="UsageException">The configuration names something that cannot be used.</exception>
    public static WebApplication Build(IConfigurationRoot configuration, TimeProvider? clock = null)
    {
        TimeProvider time = clock ?? TimeProvider.System;
        if (ConfigurationLoader.Check(configuration) is [var fault, ..] faults)
            throw new UsageException(faults.Count == 1 ? $"{fault}" : $"{fault} (and {faults.Count - 1} more: bouncemx config check)");

        IReadOnlyList<SmtpListenerPlan> listeners = SmtpListenerPlan.All(configuration);
        var limits = configuration.Get<SmtpLimitOptions>("Smtp");
        var admin = configuration.Get<AdminSettings>("Admin");
        string hostName = configuration.Get<SmtpServerOptions>("Smtp").HostName;
        TlsCertificates? certificates = configuration.Get<TlsSettings>("Tls").Load(hostName, time);
        ListenEndpoint.EnsureFree(ListenEndpoint.All(configuration));

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "bouncemx" });
        builder.Configuration.AddConfiguration(configuration);
        AddLogging(builder.Logging, configuration);
        builder.Services.AddTelemetry(configuration.Get<TelemetrySettings>("Telemetry"), hasPage: admin.Enabled);
        builder.Services.AddSingleton(time);
        AddStorage(builder.Services, configuration.Get<StorageOptions>("Storage"), configuration.Get<BodyLimits>("Smtp"), time);
        AddVerp(builder.Services, configuration, time);
        AddPublishing(builder.Services, configuration);
        AddPipeline(builder.Services, configuration);
        AddIntake(builder.Services, configuration, limits, certificates);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = limits.DrainTimeout + EndTime);

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, listeners, admin));

        WebApplication app = builder.Build();
        if (admin.Enabled)
            app.MapAdmin(app.Services.GetRequiredService<StatusReader>(), app.Services.GetRequiredService<PrometheusExporter>());
        return app;
    }

    /// <summary>Starts the server.</summary>
    /// <returns><c>false</c> when it was told to stop before it ran.</returns>
    /// <exception cref="UsageException">An endpoint was taken since the server was built.</exception>
    public static async Task<bool> StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
        // Kestrel wraps the first kind, and lets a socket's other faults pass.
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException } or SocketException)
        {
            throw new UsageException($"{e.Message.TrimEnd('.')}; allowed: addresses of this machine with free ports", e);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, IReadOnlyList<SmtpListenerPlan> listeners, AdminSettings admin)
    {
        kestrel.AddServerHeader = false;
        foreach (SmtpListenerPlan listener in listeners)
            kestrel.Listen(ListenEndpoint.Parse(listener.Endpoint), listen => listen.UseSmtp(listener.Options));
        if (admin.Enabled)
            kestrel.Listen(ListenEndpoint.Parse(admin.Listen), options => options.Protocols = HttpProtocols.Http1);
    }

    private static void AddLogging(ILoggingBuilder logging, IConfigurationRoot configuration)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection(Settings.LoggingSection));
        // Standard output is for events and for what programs read; the log goes to standard error.
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options =>
            options.LogToStandardErrorThreshold = LogLevel.Trace
        );
        if (Console.IsErrorRedirected)
        {
            logging.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        }
    }

    private static void AddStorage(IServiceCollection services, StorageOptions options, BodyLimits limits, TimeProvider time)
    {
        (DataFolder folder, Database database, BodyStore bodies) = Open(options, limits, time);
        bool hasJournal = Directory.Exists(JournalSink.FolderIn(options.Folder));
        services.AddSingleton(options);
        // Through factories, so that the container owns them and closes them last: the database, then the folder, which was asked for before it.
        services.AddSingleton(provider => folder.Tell(provider.GetRequiredService<ILogger<DataFolder>>(), hasJournal));
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<DataFolder>();
            return database.ReportTo(provider.GetRequiredService<ILogger<Database>>(), provider.GetRequiredService<StorageMetrics>());
        });
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<DiskSpace>();
        services.AddSingleton(provider => new HealthCheck("database", () => provider.GetRequiredService<Database>().Fault));
        services.AddSingleton(provider => new HealthCheck("disk", provider.GetRequiredService<DiskSpace>().Shortage));
        services.AddSingleton(bodies);
        services.AddSingleton<Spool>();
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<EventStore>();
    }

    private static (DataFolder, Database, BodyStore) Open(StorageOptions options, BodyLimits limits, TimeProvider time)
    {
        DataFolder? folder = null;
        try
        {
            folder = DataFolder.Open(options, time);
            return (folder, Database.Open(options.Folder), new BodyStore(Path.Combine(options.Folder, BodiesFolder), limits));
        }
        catch (Exception e)
        {
            folder?.Dispose();
            if (Explain(options.Folder, e) is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>Says what to do about a data folder that cannot be opened; <c>null</c> for a fault of ours.</summary>
    internal static Exception? Explain(string folder, Exception e)
    {
        string text = $"Storage:Folder is \"{folder}\": {e.Message}";
        return e switch
        {
            FolderTakenException or InvalidDataException => new UsageException(text, e),
            SqliteException sqlite when StorageFaults.IsDamage(sqlite) => new DamagedDatabaseException(folder, e.Message),
            _ when StorageFaults.Of(e) == StorageFault.Full || BodyStore.IsDiskFull(e) => new UsageException(
                $"{text}; {StorageFault.Full.Advice()}",
                e
            ),
            IOException or UnauthorizedAccessException or SqliteException => new UsageException(
                $"{text}; allowed: a folder that this user can write, or whose parent is (--data)",
                e
            ),
            _ => null,
        };
    }

    private static void AddVerp(IServiceCollection services, IConfigurationRoot configuration, TimeProvider time)
    {
        var plan = new VerpPlan(configuration);
        if (plan.Faults is [var fault, ..])
            throw new UsageException($"{fault}");
        var codec = new VerpCodec(plan.Options, time);
        services.AddSingleton(plan);
        services.AddSingleton(codec);
        services.AddSingleton(plan.CreateDoor());
        services.AddSingleton(new TrustJudge(codec, plan.SenderDomains));
        services.AddSingleton(new EventRouting(codec.HasKeys));
    }

    private static void AddPublishing(IServiceCollection services, IConfigurationRoot configuration)
    {
        var journal = configuration.Get<JournalOptions>("Journal");
        var redis = configuration.Get<RedisOptions>("Redis");
        if (journal.Enabled)
        {
            bool show = journal.Console == ConsoleLines.On || (journal.Console == ConsoleLines.Auto && !Console.IsOutputRedirected);
            EventConsole? console = show ? new EventConsole(Terminal.ForLines) : null;
            services.AddSingleton<ISink>(provider => new JournalSink(
                provider.GetRequiredService<JournalFiles>(),
                console,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<JournalSink>>()
            ));
        }
        if (redis.Configuration.Length > 0)
        {
            services.AddSingleton(redis);
            services.AddSingleton<ISink, RedisStreamSink>();
        }
        services.AddSingleton(configuration.Get<SinkOptions>("Sinks"));
        services.AddSingleton<SinkRunners>();
        services.AddHostedService(provider => provider.GetRequiredService<SinkRunners>());
        AddRetention(services);
    }

    private static void AddRetention(IServiceCollection services)
    {
        services.AddSingleton(provider => JournalFiles.In(provider.GetRequiredService<StorageOptions>()));
        services.AddSingleton<RetentionMetrics>();
        services.AddHostedService(provider => new Retention(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<Spool>(),
            provider.GetRequiredService<JournalFiles>(),
            [.. provider.GetServices<ISink>().Select(sink => sink.Name)],
            provider.GetRequiredService<StorageOptions>(),
            provider.GetRequiredService<DiskSpace>(),
            provider.GetRequiredService<RetentionMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Retention>>()
        ));
    }

    private static void AddPipeline(IServiceCollection services, IConfigurationRoot configuration)
    {
        services.AddSingleton(configuration.Get<PipelineOptions>("Pipeline"));
        AddClassifier(services, configuration);
        services.AddSingleton<RecipientMatcher>();
        services.AddSingleton<EventComposer>();
        services.AddSingleton<BouncePipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<BouncePipeline>());
        services.AddSingleton(provider => new HealthCheck("spool", () => provider.GetRequiredService<BouncePipeline>().Fault));
    }

    private static void AddClassifier(IServiceCollection services, IConfigurationRoot configuration)
    {
        var settings = configuration.Get<ClassificationSettings>("Classification");
        RuleFolder folder = settings.Folder(ConfigurationLoader.Folder(configuration));
        (RuleBook book, RuleFile[] files) = Load(folder);
        var classifier = new LiveClassifier(book, settings.Overrides());
        services.AddSingleton(classifier);
        services.AddHostedService(provider => new RuleWatch(
            folder,
            files,
            classifier,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RuleWatch>>()
        ));
    }

    private static (RuleBook, RuleFile[]) Load(RuleFolder folder)
    {
        try
        {
            return folder.Load();
        }
        catch (RuleFormatException e)
        {
            throw new UsageException($"{ClassificationSettings.Fault(e)}", e);
        }
    }

    private static void AddIntake(
        IServiceCollection services,
        IConfigurationRoot configuration,
        SmtpLimitOptions limits,
        TlsCertificates? certificates
    )
    {
        services.AddSingleton<VerpMetrics>();
        services.AddSingleton<IMailHandlerFactory, BounceMailHandlerFactory>();
        services.AddSingleton(limits);
        if (certificates is not null)
        {
            services.AddSingleton(certificates);
            services.AddHostedService<TlsCertificateWatch>();
        }
        services.AddSmtpServer();
    }
}
