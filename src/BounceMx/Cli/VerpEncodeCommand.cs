using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary><c>bouncemx verp encode</c>: envelope senders for one recipient, or for all on standard input.</summary>
internal static class VerpEncodeCommand
{
    public static Command Create()
    {
        var recipient = new Option<string?>("--recipient")
        {
            Description = "Who is mailed, local@domain; without it, standard input has one a line",
            HelpName = "RECIPIENT",
        };
        var tags = new Option<string[]>("--tag")
        {
            Description = "What to know again of the mail, such as a campaign; may be given several times",
            HelpName = "TAG",
            DefaultValueFactory = _ => [],
        };
        var domain = new Option<string?>("--domain")
        {
            Description = "The bounce domain (default: the first of Verp:Domains)",
            HelpName = "NAME",
        };
        var hide = new Option<bool>("--hide") { Description = "Write a hash of the recipient instead of the recipient" };
        var csv = new Option<bool>("--csv")
        {
            Description =
                "Standard input is CSV with a column recipient, and perhaps tag, tag1, tag2 …; the output has a column bounce_address more",
        };
        var codec = new CodecOptions();
        var command = new Command("encode", "Mint envelope senders; exit code 2 when one cannot be minted")
        {
            recipient,
            tags,
            domain,
            hide,
            csv,
        };
        codec.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(csv) && result.GetValue(recipient) is not null)
                result.AddError("--csv reads standard input, so it does not go with --recipient.");
        });
        command.SetAction(result =>
        {
            VerpOptions options = codec.Load(result) with { HideRecipients = result.GetValue(hide) };
            if (result.GetValue(domain) is { } named)
                options = options with { Domains = [named] };
            if (options.Domains is not [var bounceDomain, ..])
                throw new UsageException("--domain is missing, and Verp:Domains is not configured: which domain are bounces to come to?");
            if (options.Check() is [var fault, ..])
                throw new UsageException($"--domain {bounceDomain}: allowed: {fault.Allowed}");
            var mint = new SenderMint(new VerpCodec(options), bounceDomain, result.GetValue(tags)!);
            return Batch.Run(output =>
                result.GetValue(recipient) is { } one ? MintOne(mint, one, output) : MintAll(mint, result.GetValue(csv), output)
            );
        });
        return command;
    }

    private static int MintOne(SenderMint mint, string recipient, TextWriter output)
    {
        if (mint.Mint(recipient, [], out string problem) is not { } address)
            throw new UsageException($"{recipient}: {problem}");
        output.WriteLine(address);
        return 0;
    }

    private static int MintAll(SenderMint mint, bool isCsv, TextWriter output)
    {
        // Tags that fit nobody are told once, not for each line.
        if (mint.Mint("a@a.example", [], out string problem) is null)
            throw new UsageException(problem);
        using TextReader input = Batch.OpenInput();
        var batch = new MintingBatch(mint, output, Batch.Tell, Batch.Show);
        if (isCsv)
            batch.MintCsv(input);
        else
            batch.MintLines(input);
        return batch.HasFaults ? BounceMxCommand.WrongUsage : 0;
    }
}
