namespace BounceMx.Cli;

/// <summary>A message and where it came from: a path, with <c>#1</c>, <c>#2</c> … behind it when several messages stand in one file.</summary>
internal readonly record struct SourcedMessage(string Name, ReadOnlyMemory<byte> Raw);

/// <summary>
/// Finds messages: a file is one message, whatever its name; a file that begins with a <c>From </c> line and does not end in .eml is an
/// mbox; a folder (a Maildir too) stands for every file below it, in the order of their names; <c>-</c> is standard input.
/// </summary>
internal sealed class MessageSource(Action<string> onFault)
{
    /// <summary>Whether anything could not be read.</summary>
    public bool HasFaults { get; private set; }

    /// <summary>The messages at a path. What cannot be read is told and passed over.</summary>
    public IEnumerable<SourcedMessage> Read(string path)
    {
        if (path == "-")
            return Split("-", ReadStandardInput());
        if (Directory.Exists(path))
            return ReadFolder(path);
        return ReadFile(path);
    }

    private IEnumerable<SourcedMessage> ReadFolder(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault(folder, e.Message);
        }
        Array.Sort(files, StringComparer.Ordinal);
        return files.SelectMany(ReadFile);
    }

    private IEnumerable<SourcedMessage> ReadFile(string path)
    {
        try
        {
            return Split(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault(path, e.Message);
        }
    }

    private SourcedMessage[] Fault(string path, string message)
    {
        HasFaults = true;
        onFault($"{path}: {message}");
        return [];
    }

    private static byte[] ReadStandardInput()
    {
        using Stream input = Console.OpenStandardInput();
        using var content = new MemoryStream();
        input.CopyTo(content);
        return content.ToArray();
    }

    private static IEnumerable<SourcedMessage> Split(string path, byte[] content)
    {
        if (path.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) || !Mbox.IsMbox(content))
            return [new SourcedMessage(path, content)];
        Range[] ranges = [.. Mbox.Split(content)];
        return ranges.Length == 1
            ? [new SourcedMessage(path, content)]
            : ranges.Select((range, i) => new SourcedMessage($"{path}#{i + 1}", content.AsMemory(range)));
    }
}
