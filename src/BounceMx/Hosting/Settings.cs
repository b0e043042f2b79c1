using System.Reflection;
using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Storage;

namespace BounceMx.Hosting;

/// <summary>Every key that the configuration may hold, read off the options classes.</summary>
internal static class Settings
{
    /// <summary>Log levels by category, as .NET's logging reads them; not checked here.</summary>
    public const string LoggingSection = "Logging";

    private static readonly (string Section, Func<object> Defaults)[] Sections =
    [
        ("Smtp", () => new SmtpListenSettings()),
        ("Smtp", () => new SmtpServerOptions()),
        ("Smtp", () => new SmtpLimitOptions()),
        ("Smtp", () => new BodyLimits()),
        ("Tls", () => new TlsSettings()),
        ("Verp", () => new VerpSettings()),
        ("Verp", () => new DoorSettings()),
        ("Storage", () => new StorageOptions()),
        ("Pipeline", () => new PipelineOptions()),
        ("Classification", () => new ClassificationSettings()),
        ("Journal", () => new JournalOptions()),
        ("Redis", () => new RedisOptions()),
        ("Sinks", () => new SinkOptions()),
        ("Admin", () => new AdminSettings()),
        ("Telemetry", () => new TelemetrySettings()),
    ];

    // What a section of a named listener may hold, and one of a domain's door.
    private static readonly Func<object>[] Listener = [() => new SmtpListenerSettings(), () => new SmtpServerOptions()];
    private static readonly Func<object>[] Door = [() => new DoorSettings()];

    /// <summary>All settings, in the order of the sections.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Sections.SelectMany(section => Read(section.Section, section.Defaults()))];

    /// <summary>The settings of a section.</summary>
    public static IEnumerable<Setting> Of(string section) =>
        All.Where(setting => setting.Key.StartsWith(section + ":", StringComparison.Ordinal));

    /// <summary>All settings, and those of the named listeners and of the domains' doors of a configuration.</summary>
    public static IEnumerable<Setting> In(IConfigurationRoot configuration) =>
        All.Concat(ReadEach(ListenerSections(configuration), Listener)).Concat(ReadEach(DoorSections(configuration), Door));

    /// <summary>The sections of the named listeners, such as <c>Smtp:Listeners:smtps</c>.</summary>
    public static IEnumerable<string> ListenerSections(IConfigurationRoot configuration) => SectionsBelow(configuration, "Smtp:Listeners");

    /// <summary>The sections of the bounce domains that have a policy of their own, such as <c>Verp:Doors:bounces.example.com</c>.</summary>
    public static IEnumerable<string> DoorSections(IConfigurationRoot configuration) => SectionsBelow(configuration, "Verp:Doors");

    /// <summary>The options of a section, defaults where nothing is set.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="sections">Sections with the same keys; the last has the say.</param>
    public static T Get<T>(this IConfigurationRoot configuration, params string[] sections)
        where T : class, new()
    {
        var options = new T();
        foreach (string section in sections)
            configuration.GetSection(section).Bind(options);
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.PropertyType == typeof(string[])))
        {
            // The binder would mix the lists of two sources, and the default, entry by entry.
            string[]? list = sections
                .Select(section => ReadList(configuration, $"{section}:{property.Name}"))
                .LastOrDefault(list => list is not null)
                ?.Select(entry => entry.Value)
                .ToArray();
            if (list is not null)
                property.SetValue(options, list);
        }
        return options;
    }

    /// <summary>The entries of a list, which may be empty: those of the last source that has the list; <c>null</c> when none has.</summary>
    public static IReadOnlyList<(string Key, string Value)>? ReadList(IConfigurationRoot configuration, string key) =>
        configuration.Providers.Reverse().Select(provider => ReadList(provider, key)).FirstOrDefault(list => list is not null);

    private static List<(string Key, string Value)>? ReadList(IConfigurationProvider provider, string key)
    {
        var list = new List<(string Key, string Value)>();
        foreach (string index in provider.GetChildKeys([], key).Distinct(StringComparer.Ordinal))
        {
            if (provider.TryGet($"{key}:{index}", out string? value) && value is not null)
                list.Add(($"{key}:{index}", value));
        }
        if (list.Count > 0 || !provider.TryGet(key, out string? own) || own is null)
            return list.Count > 0 ? list : null;
        // An empty list is an empty value at the key of the list itself.
        return own.Length > 0 ? [(key, own)] : [];
    }

    /// <summary>Whether a key begins with the name of a section.</summary>
    public static bool IsInSection(string key) =>
        Sections.Any(section => key.StartsWith(section.Section + ":", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> SectionsBelow(IConfigurationRoot configuration, string key) =>
        configuration.GetSection(key).GetChildren().Select(section => section.Path);

    private static IEnumerable<Setting> ReadEach(IEnumerable<string> sections, Func<object>[] defaults) =>
        sections.SelectMany(section => defaults.SelectMany(of => Read(section, of())));

    private static IEnumerable<Setting> Read(string section, object defaults) =>
        defaults
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.CanWrite)
            .Select(property => new Setting(section, property, defaults));
}
