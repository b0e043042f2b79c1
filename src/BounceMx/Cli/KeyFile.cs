using System.Text;
using BounceMx.Hosting;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>A file of keys, whose text is that of <see cref="VerpKeyFile"/>. No message holds a secret.</summary>
internal static class KeyFile
{
    // Thirty-two keys of 512 octets and their comments fit; a file that was named by mistake is not read whole.
    private const int MaxLength = 64 * 1024;

    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the keys, at least one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Told when others than the owner can read or write it.</param>
    /// <exception cref="UsageException">It cannot be read, or is no key file.</exception>
    public static IReadOnlyList<VerpKey> Read(string path, Action<string> warn) =>
        Use(
            path,
            () =>
            {
                using FileStream file = Open(path, FileAccess.Read, warn);
                return Parse(path, ReadText(path, file));
            }
        );

    /// <summary>Makes a file with one key, which its owner alone can read.</summary>
    /// <exception cref="UsageException">It is there already, or cannot be written.</exception>
    public static void Create(string path, VerpKey key) =>
        Use(
            path,
            () =>
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    options.UnixCreateMode = Own;
                using var file = new FileStream(path, options);
                file.Write(Encoding.ASCII.GetBytes(key.ToKeyFileLine() + "\n"));
                return key;
            }
        );

    /// <summary>Puts a new key first, so that it signs from now on; the others stay and verify. Owner and rights of the file stay, too.</summary>
    /// <param name="path">The file, with at least one key.</param>
    /// <param name="id">The id of the new key; <c>null</c>: the next one that is free.</param>
    /// <param name="warn">Told when others than the owner can read or write the file.</param>
    /// <returns>All keys, the new one first.</returns>
    /// <exception cref="UsageException">It cannot be read or written, is no key file, or has a key of that id.</exception>
    public static IReadOnlyList<VerpKey> Rotate(string path, char? id, Action<string> warn) =>
        Use<IReadOnlyList<VerpKey>>(
            path,
            () =>
            {
                using FileStream file = Open(path, FileAccess.ReadWrite, warn);
                string text = ReadText(path, file);
                IReadOnlyList<VerpKey> keys = Parse(path, text);
                char free = id ?? KeyIds.NextFree(keys) ?? throw new UsageException($"{path}: all ids are taken; remove keys that are no longer needed");
                if (keys.Any(key => key.Id == free))
                    throw new UsageException($"{path}: there is a key {free} already");
                VerpKey added = VerpKey.Generate(free);
                string line = added.ToKeyFileLine() + "\n";
                // The room is taken first, as empty lines: on a full disk the old keys stay.
                file.Write(Encoding.ASCII.GetBytes(new string('\n', line.Length)));
                file.Flush();
                file.Position = 0;
                file.Write(Encoding.UTF8.GetBytes(line + text));
                return [added, .. keys];
            }
        );

    private static FileStream Open(string path, FileAccess access, Action<string> warn)
    {
        var file = new FileStream(path, FileMode.Open, access);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) is var others and not 0)
            warn($"{path}: others can {((others & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0 ? "read" : "write")} the keys; chmod 600 it");
        return file;
    }

    private static string ReadText(string path, FileStream file)
    {
        byte[] octets = new byte[MaxLength + 1];
        int length = file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        return length <= MaxLength
            ? Encoding.UTF8.GetString(octets.AsSpan(0, length))
            : throw new UsageException($"{path}: over {MaxLength} octets are no key file");
    }

    private static IReadOnlyList<VerpKey> Parse(string path, string text) =>
        VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault)
            ? keys
            : throw new UsageException($"{path} line {fault.Line}: {fault.Problem}");

    private static T Use<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}", e);
        }
    }
}
