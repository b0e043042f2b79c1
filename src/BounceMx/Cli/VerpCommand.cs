using System.CommandLine;

namespace BounceMx.Cli;

/// <summary><c>bouncemx verp encode|decode|keygen</c>: bounce addresses for senders, and what one says.</summary>
internal static class VerpCommand
{
    public static Command Create() =>
        new("verp", "Mint and read bounce addresses, make their keys")
        {
            VerpEncodeCommand.Create(),
            VerpDecodeCommand.Create(),
            VerpKeygenCommand.Create(),
        };
}
