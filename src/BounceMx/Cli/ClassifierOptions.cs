using System.CommandLine;
using System.Text.Json;
using BounceMx.Hosting;
using BounceMx.Mail.Classification;
using BounceMx.Rules;

namespace BounceMx.Cli;

/// <summary>The options by which a verb judges as the server of the same configuration would.</summary>
internal sealed class ClassifierOptions
{
    private const string Section = "Classification";

    private readonly Option<string?> _config = ConfigCommand.CreateConfigOption();

    private readonly Option<string?> _rules = new("--rules")
    {
        Description = "The folder with rules of one's own, instead of the configured one",
        HelpName = "DIR",
    };

    /// <summary>Gives the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_rules);
    }

    /// <summary>A classifier with the configured rules and severities.</summary>
    /// <exception cref="UsageException">The configuration cannot be used.</exception>
    /// <exception cref="RuleFormatException">The rules cannot.</exception>
    public BounceClassifier Load(ParseResult result)
    {
        ClassificationSettings settings = Read(result, out RuleFolder folder);
        return new BounceClassifier(folder.Load().Book, settings.Overrides());
    }

    /// <summary>The folder with rules of one's own.</summary>
    /// <exception cref="UsageException">The configuration cannot be used.</exception>
    public RuleFolder Folder(ParseResult result)
    {
        Read(result, out RuleFolder folder);
        return folder;
    }

    private ClassificationSettings Read(ParseResult result, out RuleFolder folder)
    {
        string? file = result.GetValue(_config);
        // Most have nothing here, and do not wait until the configuration is loaded: that is a tenth of the time that it takes to read a message.
        IConfigurationRoot? configuration = IsSet(file)
            ? ConfigurationLoader.Load(file, new Dictionary<string, string?>(StringComparer.Ordinal))
            : null;
        // What serving needs besides may be as wrong as it likes.
        if (configuration is not null && ConfigurationLoader.CheckValues(configuration, Settings.Of(Section)).FirstOrDefault() is { } fault)
            throw new UsageException($"{fault}");
        ClassificationSettings settings = configuration?.Get<ClassificationSettings>(Section) ?? new();
        string beside = Path.GetDirectoryName(file ?? ConfigurationLoader.DefaultFile)!;
        folder = result.GetValue(_rules) is { } named ? new RuleFolder(named) : settings.Folder(beside);
        return settings;
    }

    /// <summary>Whether the file or the environment may have something in the section. A file that is named is to be there, and is loaded in any case.</summary>
    private static bool IsSet(string? file) =>
        file is not null
        || HasSection(ConfigurationLoader.DefaultFile)
        || Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(IsOfSection);

    private static bool HasSection(string file)
    {
        if (!File.Exists(file))
            return false;
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
            );
            return document.RootElement.EnumerateObject().Any(property => IsOfSection(property.Name));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // Who loads it says what is wrong with it.
            return true;
        }
    }

    private static bool IsOfSection(string name) => name.StartsWith(Section, StringComparison.OrdinalIgnoreCase);
}
