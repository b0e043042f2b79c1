using System.ComponentModel.DataAnnotations;

namespace BounceMx.Pipeline;

/// <summary>Section <c>Pipeline</c>: how messages are analysed.</summary>
internal sealed class PipelineOptions
{
    /// <summary>Messages analysed at the same time; 0 is one a processor.</summary>
    [Range(0, 256, ErrorMessage = "0 to 256")]
    public int Workers { get; set; }

    /// <summary>Messages that wait in memory, each of 64 KiB at most; more wait in the spool alone.</summary>
    [Range(1, 100_000, ErrorMessage = "1 to 100000")]
    public int Capacity { get; set; } = 1024;
}
