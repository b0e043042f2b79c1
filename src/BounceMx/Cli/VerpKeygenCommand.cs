using System.CommandLine;
using BounceMx.Publishing;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary><c>bouncemx verp keygen</c>: makes keys, and puts new ones into service.</summary>
internal static class VerpKeygenCommand
{
    public static Command Create()
    {
        var id = new Option<string?>("--id")
        {
            Description = $"The key's id, one of 0-9 and a-v (default: {KeyIds.First}, with --rotate the next one that is free)",
            HelpName = "ID",
        };
        id.Validators.Add(result =>
        {
            if (!KeyIds.TryParse(result.GetValue(id)!, out _))
                result.AddError("--id: one of 0-9 and a-v.");
        });
        var output = new Option<string?>("--out")
        {
            Description = "Write it into this new file, which you alone can read, instead of standard output",
            HelpName = "FILE",
        };
        var rotate = new Option<string?>("--rotate")
        {
            Description = "Put it first into this key file: it signs from now on, and the others still verify",
            HelpName = "FILE",
        };
        var command = new Command("keygen", "Make a key of 32 random octets") { id, output, rotate };
        command.Validators.Add(result =>
        {
            if (result.GetValue(output) is not null && result.GetValue(rotate) is not null)
                result.AddError("--out or --rotate: one of the two.");
        });
        command.SetAction(result =>
        {
            char? chosen = result.GetValue(id) is { } text && KeyIds.TryParse(text, out char given) ? given : null;
            if (result.GetValue(rotate) is { } file)
                Rotate(file, chosen);
            else
                Make(result.GetValue(output), VerpKey.Generate(chosen ?? KeyIds.First));
            return 0;
        });
        return command;
    }

    private static void Make(string? file, VerpKey key)
    {
        if (file is null)
        {
            Console.WriteLine(key.ToKeyFileLine());
            return;
        }
        KeyFile.Create(file, key);
        Console.WriteLine($"{TerminalText.Clean(file)}: {key} is made");
    }

    private static void Rotate(string file, char? id)
    {
        IReadOnlyList<VerpKey> keys = KeyFile.Rotate(file, id);
        Console.WriteLine($"{TerminalText.Clean(file)}: {keys[0]} signs from now on; {string.Join(", ", keys.Skip(1))} verify");
    }
}
