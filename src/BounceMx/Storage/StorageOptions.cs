using System.ComponentModel.DataAnnotations;

namespace BounceMx.Storage;

/// <summary>How much of the database is checked before the server starts.</summary>
internal enum StorageCheck
{
    /// <summary>That every page is sound and in its place (PRAGMA quick_check). Reads the whole file.</summary>
    Quick,

    /// <summary>Also that the indexes agree with the tables (PRAGMA integrity_check).</summary>
    Full,

    /// <summary>Nothing: damage is found when the server comes upon it.</summary>
    Off,
}

/// <summary>Section <c>Storage</c>: where messages, events and the journal are kept.</summary>
internal sealed class StorageOptions
{
    /// <summary>The data folder, made when it is not there; relative to the working directory.</summary>
    [MinLength(1, ErrorMessage = "the path of a folder")]
    public string Folder { get; set; } = "data";

    /// <summary>How long a message, its events and a journal file are kept. What is unread or unpublished is kept beyond that. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00", ErrorMessage = "00:00:01 to 3650.00:00:00 (d.hh:mm:ss)")]
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Octets of the data folder beyond which the oldest messages, events and journal files go before their time. What is unread or unpublished is
    /// kept beyond that. Default 2 GiB: about 250,000 bounces of 4 KiB with their events and journal.
    /// </summary>
    [Range(1024 * 1024, long.MaxValue, ErrorMessage = "1048576 or more (octets)")]
    public long RetainOctets { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>
    /// Free octets of the disk below which mail is answered 452 4.3.1, so that what was taken can still be read and published; 0: until the disk
    /// is full. Default 256 MiB.
    /// </summary>
    [Range(0, long.MaxValue, ErrorMessage = "0 or more (octets)")]
    public long Reserve { get; set; } = 256 * 1024 * 1024;

    /// <summary>How much of the database is checked at the start, before the server listens. Default: all pages.</summary>
    public StorageCheck Check { get; set; }
}
