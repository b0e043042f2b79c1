namespace BounceMx.Cli;

/// <summary>A message and where it came from: a path, with <c>#1</c>, <c>#2</c> … behind it when several messages stand in one file.</summary>
internal readonly record struct SourcedMessage(string Name, ReadOnlyMemory<byte> Raw);

/// <summary>
/// Finds messages: a file is one message, whatever its name; a file that begins with a <c>From </c> line and does not end in .eml is an
/// mbox; a folder stands for every file below it, in the order of their names, a Maildir for what is in its <c>cur</c> and <c>new</c>; <c>-</c> is
/// standard input.
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

    /// <summary>About how many octets there are to read; what cannot be read and standard input count as none.</summary>
    public static long Measure(IEnumerable<string> paths) => paths.Sum(Measure);

    private static long Measure(string path)
    {
        try
        {
            return File.Exists(path)
                ? new FileInfo(path).Length
                : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private IEnumerable<SourcedMessage> ReadFolder(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            // What else stands in a Maildir is an index, or a message that is still being written.
            var isMail = new Dictionary<string, bool>(StringComparer.Ordinal);
            files = Array.FindAll(files, file => IsOfMail(Path.GetDirectoryName(file)!, isMail));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault(folder, e.Message);
        }
        Array.Sort(files, StringComparer.Ordinal);
        return files.SelectMany(ReadFile);
    }

    private static bool IsOfMail(string folder, Dictionary<string, bool> known)
    {
        if (!known.TryGetValue(folder, out bool isOfMail))
            known[folder] = isOfMail =
                !IsMaildir(folder) && !(Path.GetFileName(folder) == "tmp" && IsMaildir(Path.GetDirectoryName(folder)));
        return isOfMail;
    }

    private static bool IsMaildir(string? folder) =>
        folder is not null && Directory.Exists(Path.Combine(folder, "cur")) && Directory.Exists(Path.Combine(folder, "new"));

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
