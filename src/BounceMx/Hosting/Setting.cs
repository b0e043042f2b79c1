using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace BounceMx.Hosting;

/// <summary>One key of the configuration, as the options classes declare it: default in the property, bounds in its attributes.</summary>
internal sealed class Setting
{
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly object? _default;
    private readonly Type _elementType;
    private readonly bool _mayBeOne;
    private readonly ValidationAttribute[] _rules;

    public Setting(string section, PropertyInfo property, object defaults)
    {
        Key = $"{section}:{property.Name}";
        _default = property.GetValue(defaults);
        IsDictionary = property.PropertyType.IsAssignableTo(typeof(IDictionary<string, string>));
        IsList = property.PropertyType.IsArray;
        Type type = IsDictionary ? typeof(string) : property.PropertyType.GetElementType() ?? property.PropertyType;
        _elementType = Nullable.GetUnderlyingType(type) ?? type;
        _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
        _mayBeOne = property.IsDefined(typeof(OneOrMoreAttribute));
        IsOptional = Nullability.Create(property).WriteState == NullabilityState.Nullable;
    }

    /// <summary>The key as in the JSON file's path: <c>Smtp:Port</c>. In the environment a double underscore stands for the colon.</summary>
    public string Key { get; }

    /// <summary>Whether values stand at <c>Key:0</c>, <c>Key:1</c> …</summary>
    public bool IsList { get; }

    /// <summary>Whether values stand at <c>Key:NAME</c>.</summary>
    public bool IsDictionary { get; }

    private bool IsOptional { get; }

    private bool HasEntries => IsList || IsDictionary;

    /// <summary>The default for people.</summary>
    public string Default =>
        _default switch
        {
            null => "",
            System.Collections.ICollection { Count: 0 } => "",
            IEnumerable<string> list => string.Join(' ', list),
            bool or Enum => $"{_default}".ToLowerInvariant(),
            _ => TypeDescriptor.GetConverter(_default.GetType()).ConvertToInvariantString(_default) ?? "",
        };

    /// <summary>A value as the default is shown: JSON's <c>true</c> arrives as <c>True</c>.</summary>
    public string Show(string value) => _elementType == typeof(bool) || _elementType.IsEnum ? value.ToLowerInvariant() : value;

    /// <summary>Whether a key of the configuration belongs to this setting. What stands deeper than an entry, an object in a list, nothing reads.</summary>
    public bool Covers(string key) =>
        key.Equals(Key, StringComparison.OrdinalIgnoreCase)
        || (
            HasEntries
            && key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase)
            && !key.AsSpan(Key.Length + 1).Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
        );

    /// <summary>The keys and values that are set. A value at the very key of a list or dictionary may be a mistake to be told.</summary>
    public IEnumerable<(string Key, string Value)> Values(IConfigurationRoot configuration)
    {
        // An empty list of the JSON file is an empty value. A list that may be one value has the last source's entries, or its value.
        bool isOwn = configuration[Key] is { } value && (!HasEntries || (value.Length > 0 && !_mayBeOne));
        (string, string)[] own = isOwn ? [(Key, configuration[Key]!)] : [];
        return own.Union(Entries(configuration));
    }

    /// <summary>What the value of a key may be, in words; <c>null</c> when it is that.</summary>
    public string? Check(string key, string text)
    {
        if (text.Length == 0 && IsOptional)
            return null;
        if (HasEntries && !_mayBeOne && key.Length == Key.Length)
            return EntriesAllowed();
        if (IsDictionary)
            return BrokenRule(KeyValuePair.Create(key[(Key.Length + 1)..], text));
        // Its converter takes numbers and lists of names, too.
        if (_elementType.IsEnum && !Enum.GetNames(_elementType).Contains(text, StringComparer.OrdinalIgnoreCase))
            return Allowed();
        object? value;
        try
        {
            value = TypeDescriptor.GetConverter(_elementType).ConvertFromInvariantString(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            return Allowed();
        }
        return BrokenRule(value);
    }

    private IEnumerable<(string Key, string Value)> Entries(IConfigurationRoot configuration) =>
        IsList ? Settings.ReadList(configuration, Key) ?? []
        : IsDictionary
            ? configuration
                .GetSection(Key)
                .GetChildren()
                .Where(child => child.Value is not null)
                .Select(child => (child.Path, child.Value!))
        : [];

    // RegularExpressionAttribute lets an empty text pass.
    private string? BrokenRule(object? value) =>
        _rules.FirstOrDefault(rule => !rule.IsValid(value) || (rule is RegularExpressionAttribute && value is ""))?.FormatErrorMessage(Key);

    private string EntriesAllowed()
    {
        string entry = $"{Key}:{(IsList ? "0" : "NAME")}";
        return $"entries such as {entry} (in the environment {entry.Replace(":", "__", StringComparison.Ordinal)})";
    }

    private string Allowed() =>
        _rules is [var rule, ..] ? rule.FormatErrorMessage(Key)
        : _elementType.IsEnum ? string.Join(", ", Enum.GetNames(_elementType)).ToLowerInvariant()
        : _elementType == typeof(bool) ? "true or false"
        : _elementType == typeof(TimeSpan) ? "a time span as [d.]hh:mm:ss"
        : "a whole number";
}

/// <summary>The list may be written as one value at its own key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrMoreAttribute : Attribute;
