using System.Reflection;
using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Smtp;
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
        ("Verp", () => new VerpSettings()),
        ("Storage", () => new StorageOptions()),
        ("Pipeline", () => new PipelineOptions()),
        ("Classification", () => new ClassificationSettings()),
        ("Journal", () => new JournalOptions()),
        ("Redis", () => new RedisOptions()),
        ("Admin", () => new AdminSettings()),
        ("Telemetry", () => new TelemetrySettings()),
    ];

    /// <summary>All settings, in the order of the sections.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Sections.SelectMany(section => Read(section.Section, section.Defaults()))];

    /// <summary>The options of a section, defaults where nothing is set.</summary>
    public static T Get<T>(this IConfigurationRoot configuration, string section)
        where T : class, new()
    {
        T options = configuration.GetSection(section).Get<T>() ?? new T();
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.PropertyType == typeof(string[])))
        {
            // The binder would mix the lists of two sources entry by entry.
            if (ReadList(configuration, $"{section}:{property.Name}") is { } list)
                property.SetValue(options, list.Select(entry => entry.Value).ToArray());
        }
        return options;
    }

    /// <summary>The entries of a list: those of the last source that has any; <c>null</c> when none has.</summary>
    public static IReadOnlyList<(string Key, string Value)>? ReadList(IConfigurationRoot configuration, string key) =>
        configuration.Providers.Reverse().Select(provider => ReadList(provider, key)).FirstOrDefault(list => list.Count > 0);

    private static List<(string Key, string Value)> ReadList(IConfigurationProvider provider, string key)
    {
        var list = new List<(string Key, string Value)>();
        foreach (string index in provider.GetChildKeys([], key).Distinct(StringComparer.Ordinal))
        {
            if (provider.TryGet($"{key}:{index}", out string? value) && value is not null)
                list.Add(($"{key}:{index}", value));
        }
        return list;
    }

    /// <summary>Whether a key begins with the name of a section.</summary>
    public static bool IsInSection(string key) =>
        Sections.Any(section => key.StartsWith(section.Section + ":", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Setting> Read(string section, object defaults) =>
        defaults
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.CanWrite)
            .Select(property => new Setting(section, property, defaults));
}
