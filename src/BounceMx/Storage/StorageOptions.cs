namespace BounceMx.Storage;

/// <summary>Section <c>Storage</c>: where messages, events and the journal are kept.</summary>
internal sealed class StorageOptions
{
    /// <summary>The data folder, made when it is not there; relative to the working directory.</summary>
    public string Folder { get; set; } = "data";
}
