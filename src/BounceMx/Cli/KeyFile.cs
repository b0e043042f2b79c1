using System.Text;
using BounceMx.Hosting;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>Makes and changes a file of keys, whose text is that of <see cref="VerpKeyFile"/>. No message holds a secret.</summary>
internal static class KeyFile
{
    /// <summary>Makes a file with one key, which its owner alone can read.</summary>
    /// <exception cref="UsageException">It is there already, or cannot be written.</exception>
    public static void Create(string path, VerpKey key)
    {
        if (Path.Exists(path))
            throw new UsageException($"{path}: it is there already; --rotate adds a key to it");
        try
        {
            using FileStream file = CreateOwn(path);
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
            string text = ReadText(path);
            if (!VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault))
                throw new UsageException($"{path} line {fault.Line}: {fault.Problem}");
            VerpKey added = VerpKey.Generate(
                id ?? KeyIds.NextFree(keys) ?? throw new UsageException($"{path}: every id is taken; remove old keys")
            );
            if (keys.Any(key => key.Id == added.Id))
                throw new UsageException($"{path}: there is a {added} already");
            Replace(path, $"{added.ToKeyFileLine()}\n{text}");
            return [added, .. keys];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}", e);
        }
    }

    // The new text is on disk before it takes the place of the old, at once: nobody reads half a key, and no crash leaves the file without its keys.
    private static void Replace(string path, string text)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using (FileStream file = CreateOwn(temporary))
            {
                FileOwner.Copy(target, temporary);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush();
                DiskSync.Flush(file.SafeFileHandle);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream CreateOwn(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static string ReadText(string path)
    {
        // For writing, too: who may not write the file may not put another in its place, whatever the mode of the folder.
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        return KeyFileText.Read(file) ?? throw new UsageException($"{path}: {KeyFileText.MaxLength} octets are no key file");
    }
}
