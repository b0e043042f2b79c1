namespace BounceMx.Publishing;

/// <summary>
/// Where a file stood when it was opened: logrotate, or a hand, may move it or remove it, and what is written then goes where nobody looks.
/// Linux names the place of an open file; elsewhere a file is missed when there is none at its path.
/// </summary>
internal sealed class FilePlace(FileStream file)
{
    private readonly string? _place = Find(file);

    /// <summary>Whether the file stands there still.</summary>
    public bool IsKept() => _place is null ? File.Exists(file.Name) : Find(file) == _place;

    // A file that is gone is called "path (deleted)". A file made anew under the same name is another one, and not the one that is open.
    private static string? Find(FileStream file) => new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
}
