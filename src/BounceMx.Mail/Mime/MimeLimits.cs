namespace BounceMx.Mail.Mime;

/// <summary>
/// How far <see cref="MimeReader"/> goes. Beyond a limit it keeps what it has and sets <see cref="MimePart.ParseLimited"/>.
/// </summary>
public sealed record MimeLimits
{
    /// <summary>The defaults.</summary>
    public static MimeLimits Default { get; } = new();

    /// <summary>How deep parts may nest; the root has depth 0. Default 32: a bounce of a bounce of a forwarded mail needs about 8.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>How many parts one message may have, the root included. Default 1,024.</summary>
    public int Parts { get; init; } = 1024;

    /// <summary>How many header fields all parts together may have. Default 4,096; mail in the wild has fewer than 200.</summary>
    public int HeaderFields { get; init; } = 4096;

    /// <summary>How many octets all header blocks together may have. Default 1 MiB; Postfix's <c>header_size_limit</c> is a tenth of it.</summary>
    public int HeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>How many octets of one part are made a text of. Default 4 MiB: a report on 1,000 recipients has less than one.</summary>
    public int TextBytes { get; init; } = 4 * 1024 * 1024;
}
