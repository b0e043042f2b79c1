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

    /// <summary>Does something with the dead letters in that folder.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">There is no database that this program knows.</exception>
    /// <exception cref="DamagedDatabaseException">It cannot be trusted.</exception>
    public int UseDeadLetters(ParseResult result, Action<DeadLetterFile> use)
    {
        string folder = Folder(result);
        try
        {
            using var file = DeadLetterFile.Open(folder);
            use(file);
            return 0;
        }
        catch (FileNotFoundException e)
        {
            throw new UsageException($"{e.Message}; name the server's data folder with --data", e);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message, e);
        }
        catch (SqliteException e)
        {
            string path = new DataFiles(folder).Main;
            return BounceMxCommand.Fail($"{path}: {e.Message.TrimEnd('.')}; {StorageFaults.Of(e).Advice()}", BounceMxCommand.InternalFault);
        }
    }
}
