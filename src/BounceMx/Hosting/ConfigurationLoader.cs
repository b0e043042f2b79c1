using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace BounceMx.Hosting;

/// <summary>One thing that is wrong with the configuration, as a line for people.</summary>
internal sealed record ConfigurationFault(string Key, string Text)
{
    public override string ToString() => $"{Key} {Text}";
}

/// <summary>Where the configuration comes from: the file, over it the environment, over that the command line.</summary>
internal static class ConfigurationLoader
{
    /// <summary>The file that is read when it is there and no other is named.</summary>
    public const string DefaultFile = "config/bouncemx.json";

    /// <summary>Reads all sources.</summary>
    /// <param name="file">A file that must be there; <c>null</c> for the default file, which need not.</param>
    /// <param name="commandLine">Keys and values from options.</param>
    /// <exception cref="UsageException">The file is not there or is no JSON.</exception>
    public static IConfigurationRoot Load(string? file, IReadOnlyDictionary<string, string?> commandLine)
    {
        string path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path))
            throw new UsageException($"--config {file}: there is no such file");
        try
        {
            var builder = new ConfigurationBuilder();
            // The provider's own default passes over files whose names begin with a dot, without a word.
            if (File.Exists(path))
                builder.AddJsonFile(
                    new PhysicalFileProvider(Path.GetDirectoryName(path)!, ExclusionFilters.None),
                    Path.GetFileName(path),
                    optional: false,
                    reloadOnChange: false
                );
            return builder.AddEnvironmentVariables().AddInMemoryCollection(commandLine).Build();
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"{file ?? DefaultFile}: {e.GetBaseException().Message}");
        }
    }

    /// <summary>
    /// Finds values that are not allowed and keys that nothing reads; where there are none, what does not go together, as <see cref="CrossCheck"/>
    /// does.
    /// </summary>
    public static IReadOnlyList<ConfigurationFault> Check(IConfigurationRoot configuration)
    {
        ConfigurationFault[] faults = [.. CheckEach(configuration)];
        return faults.Length > 0 ? faults : [.. new CrossCheck(configuration).Faults()];
    }

    private static IEnumerable<ConfigurationFault> CheckEach(IConfigurationRoot configuration)
    {
        Setting[] settings = [.. Settings.In(configuration)];
        foreach (ConfigurationFault fault in CheckValues(configuration, settings))
            yield return fault;
        foreach (string section in Settings.ListenerSections(configuration))
        {
            if (SmtpListenerPlan.Endpoints(configuration, section).Count == 0)
                yield return new ConfigurationFault($"{section}:Listen", $"is not set; allowed: {ListenEndpoint.Allowed}");
        }
        foreach (IConfigurationSection level in configuration.GetSection($"{Settings.LoggingSection}:LogLevel").GetChildren())
        {
            if (!Enum.GetNames<LogLevel>().Contains(level.Value, StringComparer.OrdinalIgnoreCase))
                yield return new ConfigurationFault(
                    level.Path,
                    $"is \"{level.Value}\" ({Origin(configuration, level.Path)}); allowed: {string.Join(", ", Enum.GetNames<LogLevel>())}"
                );
        }
        foreach (ConfigurationFault fault in CheckKeys(configuration, parent: null, settings))
            yield return fault;
    }

    /// <summary>Finds values of a section that are not allowed and keys of it that nothing reads.</summary>
    public static IEnumerable<ConfigurationFault> CheckSection(IConfigurationRoot configuration, string section)
    {
        Setting[] settings =
        [
            .. Settings.In(configuration).Where(setting => setting.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)),
        ];
        return CheckValues(configuration, settings).Concat(CheckKeys(configuration, section, settings));
    }

    /// <summary>Finds values of some settings that are not allowed.</summary>
    public static IEnumerable<ConfigurationFault> CheckValues(IConfigurationRoot configuration, IEnumerable<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            foreach (string key in Nulls(configuration, setting))
                yield return new ConfigurationFault(key, "is null; leave it out for its default");
            foreach ((string key, string value) in setting.Values(configuration))
            {
                if (setting.Check(key, value) is { } allowed)
                {
                    string shown = Secrets.Mask(key, value);
                    yield return new ConfigurationFault(key, $"is \"{shown}\" ({Origin(configuration, key)}); allowed: {allowed}");
                }
            }
        }
    }

    private static IEnumerable<ConfigurationFault> CheckKeys(IConfigurationRoot configuration, string? parent, Setting[] settings) =>
        from provider in configuration.Providers
        from key in Keys(provider, parent)
        where !IsKnown(key, provider, settings)
        select new ConfigurationFault(key, $"({Describe(provider)}) is no setting; bouncemx config show lists them all");

    /// <summary>Which source a key's value comes from.</summary>
    public static string Origin(IConfigurationRoot configuration, string key) =>
        configuration.Providers.LastOrDefault(provider => provider.TryGet(key, out string? value) && value is not null) is { } provider
            ? Describe(provider)
            : "default";

    /// <summary>The folder of the configuration file, or where the default file would be.</summary>
    public static string Folder(IConfigurationRoot configuration) =>
        configuration.Providers.OfType<JsonConfigurationProvider>().FirstOrDefault()?.Source.FileProvider is PhysicalFileProvider files
            ? files.Root
            : Path.GetDirectoryName(DefaultFile)!;

    // Of the setting and of the entries that it may have.
    private static IEnumerable<string> Nulls(IConfigurationRoot configuration, Setting setting) =>
        from provider in configuration.Providers
        from key in provider
            .GetChildKeys([], setting.Key)
            .Distinct(StringComparer.Ordinal)
            .Select(entry => $"{setting.Key}:{entry}")
            .Prepend(setting.Key)
        where provider.TryGet(key, out string? value) && value is null
        select key;

    private static string Describe(IConfigurationProvider provider) =>
        provider switch
        {
            JsonConfigurationProvider json => json.Source.Path ?? "file",
            EnvironmentVariablesConfigurationProvider => "environment",
            _ => "command line",
        };

    // The environment is full of other programs' variables: only what begins like a section of ours is held against the list.
    private static bool IsKnown(string key, IConfigurationProvider provider, Setting[] settings) =>
        settings.Any(setting => setting.Covers(key))
        || (
            provider is EnvironmentVariablesConfigurationProvider
                ? !Settings.IsInSection(key)
                : key.StartsWith(Settings.LoggingSection + ":", StringComparison.OrdinalIgnoreCase)
        );

    private static IEnumerable<string> Keys(IConfigurationProvider provider, string? parent)
    {
        foreach (string child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string key = parent is null ? child : $"{parent}:{child}";
            if (provider.TryGet(key, out string? value) && value is not null)
                yield return key;
            foreach (string deeper in Keys(provider, key))
                yield return deeper;
        }
    }
}
