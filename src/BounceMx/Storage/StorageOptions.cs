using System.ComponentModel.DataAnnotations;

namespace BounceMx.Storage;

/// <summary>Section <c>Storage</c>: where messages, events and the journal are kept.</summary>
internal sealed class StorageOptions
{
    /// <summary>The data folder, made when it is not there; relative to the working directory.</summary>
    [MinLength(1, ErrorMessage = "the path of a folder")]
    public string Folder { get; set; } = "data";
}
