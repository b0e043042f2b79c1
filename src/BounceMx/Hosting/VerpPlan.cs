using BounceMx.Intake;
using BounceMx.Verp;

namespace BounceMx.Hosting;

/// <summary>
/// What sections <c>Verp</c> and <c>Verp:Doors</c> come to, and what is wrong with them together. No fault holds a key or what a key file holds.
/// </summary>
internal sealed class VerpPlan
{
    // Among the templates: no built-in ones (VerpOptions.Templates).
    private const string NoTemplates = "none";

    private readonly IConfigurationRoot _configuration;
    private readonly VerpSettings _settings;
    private readonly List<ConfigurationFault> _faults = [];
    private readonly int _listed;

    /// <summary>Reads the sections and the key file. Each value on its own must be allowed.</summary>
    public VerpPlan(IConfigurationRoot configuration)
    {
        _configuration = configuration;
        _settings = configuration.Get<VerpSettings>("Verp");
        List<VerpKey> keys = [.. _settings.Keys.SelectMany(Parse)];
        _listed = keys.Count;
        keys.AddRange(ReadKeyFile());
        Options = _settings.ToOptions(keys);
        _faults.AddRange(Options.Check().Select(Fault));
        Policies = Doors(configuration).ToDictionary(door => door.Domain, door => door.Settings, StringComparer.OrdinalIgnoreCase);
        Policy = configuration.Get<DoorSettings>("Verp");
        _faults.AddRange(ForeignDoors().Concat(IdlePolicies()));
        if (_faults.Count == 0)
            _faults.AddRange(Shut().Concat(NoStreams()));
    }

    /// <summary>What the server would not start with.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    /// <summary>The codec's options, with all keys.</summary>
    public VerpOptions Options { get; }

    /// <summary>The domains that our mail is from.</summary>
    public IReadOnlyList<string> SenderDomains => _settings.SenderDomains;

    /// <summary>The key file; <c>null</c> when there is none.</summary>
    public string? KeyFile =>
        _settings.KeyFile.Length == 0 ? null : Path.Combine(ConfigurationLoader.Folder(_configuration), _settings.KeyFile);

    /// <summary>
    /// The mode, in octal, of a key file that others than its owner and its group can read, or others than its owner write; <c>null</c> when all is
    /// well or there are no modes. 0640 is well: root's, for the group of the server's user.
    /// </summary>
    public string? OpenKeyFileMode
    {
        get
        {
            const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (KeyFile is null || OperatingSystem.IsWindows() || !File.Exists(KeyFile))
                return null;
            UnixFileMode mode = File.GetUnixFileMode(KeyFile);
            return (mode & Others) == UnixFileMode.None ? null : Convert.ToString((int)mode, toBase: 8).PadLeft(4, '0');
        }
    }

    private DoorSettings Policy { get; }

    private Dictionary<string, DoorSettings> Policies { get; }

    private bool HasKeys => Options.Keys.Count > 0;

    /// <summary>The door; to be made where there are no <see cref="Faults"/>.</summary>
    public BounceDoor CreateDoor() => new(HasKeys, Policy, Policies, _settings.Streams);

    private static IEnumerable<(string Section, string Domain, DoorSettings Settings)> Doors(IConfigurationRoot configuration) =>
        Settings
            .DoorSections(configuration)
            .Select(section => (section, section[(section.LastIndexOf(':') + 1)..], configuration.Get<DoorSettings>("Verp", section)));

    private static IReadOnlyList<VerpKey> Parse(string text) =>
        VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out _) ? keys : [];

    private IReadOnlyList<VerpKey> ReadKeyFile()
    {
        if (KeyFile is null)
            return [];
        try
        {
            using FileStream file = new(KeyFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (KeyFileText.Read(file) is not { } text)
                return Refuse($"it is over {KeyFileText.MaxLength} octets");
            return VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault)
                ? keys
                : Refuse($"line {fault.Line}: {fault.Problem}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "it cannot be read");
        }
    }

    private IReadOnlyList<VerpKey> Refuse(string problem)
    {
        const string Key = "Verp:KeyFile";
        string shown = Secrets.Mask(Key, _settings.KeyFile);
        _faults.Add(
            new(Key, $"is \"{shown}\" ({Origin(Key)}): {problem}; allowed: a file with a key on each line, as bouncemx verp keygen writes")
        );
        return [];
    }

    // The codec counts all keys as one list, and lists' entries from zero.
    private ConfigurationFault Fault(VerpOptionsFault fault)
    {
        string[] parts = fault.Name.Split(':');
        string key = $"Verp:{parts[0]}";
        if (parts.Length == 2)
        {
            int index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            bool isOfFile = parts[0] == nameof(VerpOptions.Keys) && index >= _listed;
            key =
                isOfFile ? "Verp:KeyFile"
                : Settings.ReadList(_configuration, key) is { } list && index < list.Count ? list[index].Key
                : key;
        }
        return new(key, $"is \"{fault.Value}\" ({Origin(key)}); allowed: {fault.Allowed}");
    }

    private IEnumerable<ConfigurationFault> ForeignDoors() =>
        from door in Doors(_configuration)
        where _settings.Domains.Length > 0 && !_settings.Domains.Contains(door.Domain, StringComparer.OrdinalIgnoreCase)
        select new ConfigurationFault(
            door.Section,
            $"is for a domain that is not ours; allowed: {string.Join(", ", _settings.Domains)} (Verp:Domains)"
        );

    // Without keys nothing is signed, and who refuses what is unsigned refuses all.
    private IEnumerable<ConfigurationFault> IdlePolicies() =>
        from section in HasKeys || _faults.Count > 0 ? [] : Settings.DoorSections(_configuration).Prepend("Verp")
        from name in (string[])[nameof(DoorSettings.Unsigned), nameof(DoorSettings.Expired), nameof(DoorSettings.BadlySigned)]
        let key = $"{section}:{name}"
        let value = _configuration[key]
        where value is { Length: > 0 } && !value.Equals(nameof(DoorPolicy.Accept), StringComparison.OrdinalIgnoreCase)
        select new ConfigurationFault(
            key,
            $"is \"{value}\" ({Origin(key)}); allowed: accept, unless Verp:KeyFile or Verp:Keys names a key"
        );

    // Neither can be signed.
    private IEnumerable<ConfigurationFault> Shut()
    {
        bool isOpen = Options.Domains.Any(domain => LetsIn(Policies.GetValueOrDefault(domain, Policy)));
        if (isOpen || (Options.Domains.Count == 0 && Policies.Values.Append(Policy).Any(LetsIn)))
            return [];
        return from name in (string[])[nameof(VerpSettings.Streams), nameof(VerpSettings.Templates)]
            from entry in Settings.ReadList(_configuration, $"Verp:{name}") ?? []
            where !entry.Value.Equals(NoTemplates, StringComparison.OrdinalIgnoreCase)
            select Fault(entry, "none, as Unsigned (Verp, Verp:Doors) refuses what bears no signature at every domain");
    }

    private bool LetsIn(DoorSettings door) => !HasKeys || door.For(SignatureOutcome.Unsigned) is not DoorPolicy.Refuse;

    // The whole local part, or what the codec reads as something else, would be met by no address.
    private IEnumerable<ConfigurationFault> NoStreams()
    {
        if (_settings.Streams.Length == 0)
            yield break;
        var codec = new VerpCodec(Options);
        string plain = Options.Prefix + "-";
        string domain = Options.Domains is [var first, ..] ? first : "bounces.example";
        foreach ((string Key, string Value) entry in Settings.ReadList(_configuration, $"Verp:{nameof(VerpSettings.Streams)}") ?? [])
        {
            bool isWhole = entry.Value.StartsWith(plain, StringComparison.OrdinalIgnoreCase);
            if (isWhole || !codec.Decode(plain + entry.Value, domain).Stream.SequenceEqual(entry.Value))
                yield return Fault(entry, $"what follows \"{plain}\" in a plain address, such as news");
        }
    }

    private ConfigurationFault Fault((string Key, string Value) entry, string allowed) =>
        new(entry.Key, $"is \"{entry.Value}\" ({Origin(entry.Key)}); allowed: {allowed}");

    private string Origin(string key) => ConfigurationLoader.Origin(_configuration, key);
}
