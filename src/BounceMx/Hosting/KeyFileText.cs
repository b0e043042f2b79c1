using System.Text;

namespace BounceMx.Hosting;

/// <summary>Reads the text of a key file, whatever an editor put around it.</summary>
internal static class KeyFileText
{
    /// <summary>How many octets are too many: a key is a line of 70, and who names a disk image by mistake is told.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The text without a byte order mark, from UTF-8; <c>null</c> when it is too long.</summary>
    public static string? Read(Stream file)
    {
        byte[] octets = new byte[MaxLength];
        int length = file.ReadAtLeast(octets, MaxLength, throwOnEndOfStream: false);
        return length < MaxLength ? Encoding.UTF8.GetString(octets, 0, length).TrimStart('\uFEFF') : null;
    }
}
