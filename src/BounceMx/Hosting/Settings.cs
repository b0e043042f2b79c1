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
    ];

    /// <summary>All settings, in the order of the sections.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Sections.SelectMany(section => Read(section.Section, section.Defaults()))];

    /// <summary>The options of a section, defaults where nothing is set.</summary>
    public static T Get<T>(this IConfiguration configuration, string section)
        where T : new() => configuration.GetSection(section).Get<T>() ?? new T();

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
