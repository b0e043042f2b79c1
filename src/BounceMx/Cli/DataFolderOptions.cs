using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Cli;

/// <summary>The options by which a command finds the data folder of a server.</summary>
internal sealed class DataFolderOptions
{
    private readonly Option<string?> _data = new("--data") { Description = "The data folder", HelpName = "DIR" };
    private readonly Option<string?> _config = ConfigCommand.CreateConfigOption();

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_config);
    }

    /// <summary>The folder that the options or the configuration name.</summary>
    public string Folder(ParseResult result)
    {
        var overrides = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (result.GetValue(_data) is { } folder)
            overrides["Storage:Folder"] = folder;
        return ConfigurationLoader.Load(result.GetValue(_config), overrides).Get<StorageOptions>("Storage").Folder;
    }

    /// <summary>The dead letters in that folder.</summary>
    /// <exception cref="UsageException">There is no database that can be read.</exception>
    public DeadLetterFile OpenDeadLetters(ParseResult result)
    {
        try
        {
            return DeadLetterFile.Open(Folder(result));
        }
        catch (FileNotFoundException e)
        {
            throw new UsageException($"{e.Message}; name the server's data folder with --data", e);
        }
        catch (Exception e) when (e is InvalidDataException or SqliteException)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
