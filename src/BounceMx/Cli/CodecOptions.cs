using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Intake;
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
        Description = "The file of keys, one ID:HEX a line, instead of the configured keys; the first signs, all verify",
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
    /// <param name="result">The command line.</param>
    /// <param name="domain">The bounce domain that it names, instead of <c>Verp:Domains</c>.</param>
    /// <exception cref="UsageException">The configuration or the key file cannot be used.</exception>
    public VerpOptions Load(ParseResult result, string? domain = null)
    {
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (result.GetValue(_prefix) is { } prefix)
            overrides["Verp:Prefix"] = prefix;
        if (domain is not null)
            overrides["Verp:Domains:0"] = domain;
        IConfigurationRoot configuration = ConfigurationLoader.Load(result.GetValue(_config), overrides);
        // What serving needs besides may be as wrong as it likes.
        if (ConfigurationLoader.CheckValues(configuration, Settings.Of("Verp")).FirstOrDefault() is { } fault)
            throw new UsageException($"{fault}");
        VerpOptions options = configuration.Get<VerpSettings>("Verp").ToOptions();
        return result.GetValue(_keyFile) is { } file ? options with { Keys = KeyFile.Read(file, Warn) } : options;
    }

    private static void Warn(string text) => Console.Error.WriteLine($"bouncemx: warning: {TerminalText.Clean(text)}");
}
