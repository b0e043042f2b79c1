using System.Text;
using BounceMx.Hosting;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>Makes and changes a file of keys, whose text is that of <see cref="VerpKeyFile"/>. No message holds a secret.</summary>
internal static class KeyFile
{
    // As many as the server reads.
    private const int MaxLength = 64 * 1024;

    /// <summary>Makes a file with one key, which its owner alone can read.</summary>
    /// <exception cref="UsageException">It is there already, or cannot be written.</exception>
    public static void Create(string path, VerpKey key)
    {
        if (Path.Exists(path))
            throw new UsageException($"{path}: it is there already; --rotate adds a key to it");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(Encoding.ASCII.GetBytes(key.ToKeyFileLine() + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Puts a new key first, so that it signs from now on; the others stay and verify. Owner and mode of the file stay, too.</summary>
    /// <param name="path">The file, with at least one key.</param>
    /// <param name="id">The id of the new key; <c>null</c>: the next one that is free.</param>
    /// <returns>All keys, the new one first.</returns>
    /// <exception cref="UsageException">It cannot be read or written, is no key file, or has a key of that id.</exception>
    public static IReadOnlyList<VerpKey> Rotate(string path, char? id)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            string text = ReadText(path, file);
            if (!VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault))
                throw new UsageException($"{path} line {fault.Line}: {fault.Problem}");
            VerpKey added = VerpKey.Generate(
                id ?? KeyIds.NextFree(keys) ?? throw new UsageException($"{path}: every id is taken; remove old keys")
            );
            if (keys.Any(key => key.Id == added.Id))
                throw new UsageException($"{path}: there is a {added} already");
            Prepend(file, added.ToKeyFileLine() + "\n", text);
            return [added, .. keys];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}", e);
        }
    }

    private static void Prepend(FileStream file, string line, string text)
    {
        // The room is taken first, by empty lines: should the disk be full, the old keys are still there.
        file.Write(Encoding.ASCII.GetBytes(new string('\n', line.Length)));
        file.Flush();
        file.Position = 0;
        file.Write(Encoding.UTF8.GetBytes(line + text));
    }

    private static string ReadText(string path, FileStream file)
    {
        byte[] octets = new byte[MaxLength];
        int length = file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        return length < octets.Length
            ? Encoding.UTF8.GetString(octets.AsSpan(0, length))
            : throw new UsageException($"{path}: {MaxLength} octets are no key file");
    }
}
