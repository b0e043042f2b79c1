using System.CommandLine;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary><c>bouncemx verp decode</c>: what bounce addresses say, as the server would read them at RCPT; its policy is not asked.</summary>
internal static class VerpDecodeCommand
{
    public static Command Create()
    {
        var addresses = new Argument<string[]>("ADDRESS")
        {
            Description = "Bounce addresses; without any, standard input has one a line",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var recipient = new Option<string?>("--recipient")
        {
            Description = "Say, too, whether the hash in an address is that of this recipient",
            HelpName = "RECIPIENT",
        };
        var json = new Option<bool>("--json") { Description = "JSON Lines, for programs" };
        var csv = new Option<bool>("--csv") { Description = "CSV, for programs" };
        var options = new CodecOptions();
        var command = new Command(
            "decode",
            "Say what bounce addresses hold; exit code 2 when one is none of ours or its signature is bad or expired"
        )
        {
            addresses,
            recipient,
            json,
            csv,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json or --csv: one of the two.");
        });
        command.SetAction(result =>
        {
            var codec = new VerpCodec(options.Load(result));
            string? asked = result.GetValue(recipient);
            return Batch.Run(output =>
            {
                using IDecodedAddressWriter writer =
                    result.GetValue(json) ? new JsonDecodedAddressWriter(output, Batch.Show)
                    : result.GetValue(csv) ? new CsvDecodedAddressWriter(output, Batch.Show)
                    : new TextDecodedAddressWriter(output);
                string[] named = result.GetValue(addresses)!;
                bool isFaulty = false;
                foreach (string? address in named.Length > 0 ? named : ReadLines())
                {
                    DecodedAddress? decoded = address is null ? null : DecodedAddress.Read(codec, address, asked);
                    isFaulty |= decoded is not { IsFaulty: false };
                    if (decoded is not null)
                        writer.Write(decoded);
                }
                return isFaulty ? BounceMxCommand.WrongUsage : 0;
            });
        });
        return command;
    }

    // What is no address, as it is too long a line, is told; null stands for it.
    private static IEnumerable<string?> ReadLines()
    {
        using TextReader input = Batch.OpenInput();
        var lines = new LineReader(input);
        for (long line = 1; lines.Read(out bool isTooLong) is { } text; line++)
        {
            if (isTooLong)
                Batch.Tell(line, $"it has over {LineReader.MaxLength} characters");
            if (isTooLong || !string.IsNullOrWhiteSpace(text))
                yield return isTooLong ? null : text;
        }
    }
}
