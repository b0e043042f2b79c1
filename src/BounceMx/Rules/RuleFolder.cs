using BounceMx.Mail.Classification;

namespace BounceMx.Rules;

/// <summary>A file of rules as it was when it was read.</summary>
/// <param name="Name">Its path, for messages.</param>
/// <param name="Content">UTF-8.</param>
internal readonly record struct RuleFile(string Name, byte[] Content)
{
    public static RuleFile Read(string path) => new(path, File.ReadAllBytes(path));
}

/// <summary>The folder with rules of one's own: its files <c>*.jsonc</c>, none deeper.</summary>
/// <param name="path">Where it is.</param>
/// <param name="mayBeMissing">Whether a folder that is not there is one without files; otherwise that is a fault.</param>
internal sealed class RuleFolder(string path, bool mayBeMissing = false)
{
    public const string Pattern = "*.jsonc";

    public string Path => path;

    /// <summary>Whether it is there now.</summary>
    public bool Exists => Directory.Exists(path);

    /// <summary>Reads the files, in the order of their names.</summary>
    /// <exception cref="RuleFormatException">The folder or a file cannot be read; the message names it.</exception>
    public RuleFile[] Read()
    {
        if (mayBeMissing && !Directory.Exists(path))
            return [];
        try
        {
            // Editors and copying put files of their own beside, with a dot in front.
            string[] files = [.. Directory.GetFiles(path, Pattern).Where(file => !System.IO.Path.GetFileName(file).StartsWith('.'))];
            Array.Sort(files, StringComparer.Ordinal);
            return Array.ConvertAll(files, RuleFile.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuleFormatException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a file, or the files of a folder.</summary>
    /// <exception cref="RuleFormatException">It cannot be read; the message names it.</exception>
    public static RuleFile[] ReadPath(string path)
    {
        if (Directory.Exists(path))
            return new RuleFolder(path).Read();
        try
        {
            return [RuleFile.Read(path)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuleFormatException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads the files and makes the book that a server would use.</summary>
    /// <exception cref="RuleFormatException">It would use none of it; the message, one line, names the folder, or file, rule and key.</exception>
    public (RuleBook Book, RuleFile[] Files) Load()
    {
        RuleFile[] files = Read();
        return (RuleOverlay.Load(files), files);
    }
}
