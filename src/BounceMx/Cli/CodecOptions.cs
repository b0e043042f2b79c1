using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Publishing;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>The options by which a verb mints and reads bounce addresses as the server of the same configuration would.</summary>
internal sealed class CodecOptions
{
    private readonly Option<string?> _config = ConfigCommand.CreateConfigOption();

    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "What bounce addresses begin with, instead of Verp:Prefix",
        HelpName = "PREFIX",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "The file of keys, one ID:HEX a line, instead of Verp:KeyFile and Verp:Keys; the first signs, all verify",
        HelpName = "FILE",
    };

    /// <summary>Gives the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_prefix);
        command.Add(_keyFile);
        command.Add(_config);
    }

    /// <summary>What the codec is to do. A key file that others can read is warned of on standard error.</summary>
    /// <exception cref="UsageException">The configuration or the key file cannot be used.</exception>
    public VerpOptions Load(ParseResult result)
    {
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (result.GetValue(_prefix) is { } prefix)
            overrides["Verp:Prefix"] = prefix;
        if (result.GetValue(_keyFile) is { } file)
        {
            if (!Path.Exists(file))
                throw new UsageException($"--key-file {Secrets.Mask("Verp:KeyFile", file)}: there is no such file");
            // What stands in the configuration is relative to its file, what is typed to where one is.
            overrides["Verp:KeyFile"] = Path.GetFullPath(file);
            overrides["Verp:Keys"] = "";
        }
        IConfigurationRoot configuration = ConfigurationLoader.Load(result.GetValue(_config), overrides);
        // What serving needs besides may be as wrong as it likes.
        if (ConfigurationLoader.CheckSection(configuration, "Verp").FirstOrDefault() is { } fault)
            throw new UsageException($"{fault}");
        var plan = new VerpPlan(configuration);
        if (plan.Faults is [var first, ..])
            throw new UsageException($"{first}");
        if (plan.OpenKeyFileMode is { } mode)
            Console.Error.WriteLine(
                $"bouncemx: warning: others can read the keys in {TerminalText.Clean(plan.KeyFile!)} (mode {mode}); chmod 600 or 640 it"
            );
        return plan.Options;
    }
}
