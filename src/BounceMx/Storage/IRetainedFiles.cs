namespace BounceMx.Storage;

/// <summary>A file that goes when its time has come.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Octets">Its size.</param>
/// <param name="WrittenAt">When it was last written.</param>
internal readonly record struct RetainedFile(string Path, long Octets, DateTimeOffset WrittenAt);

/// <summary>Files beside the database that the same bounds of age and size hold for.</summary>
internal interface IRetainedFiles
{
    /// <summary>All of them, in the order in which they were written. The last one may be open, and stays.</summary>
    IReadOnlyList<RetainedFile> All();
}
