using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Storage;

namespace BounceMx.Cli;

/// <summary>
/// <c>bouncemx replay</c>: has something published again. It only marks what, in the database, beside a running server or without one; the server
/// does it.
/// </summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var dead = new Option<bool>("--dead") { Description = "Events that a sink refused for good (bouncemx events dead)" };
        var sink = new Option<string?>("--sink") { Description = "Only those of this sink", HelpName = "NAME" };
        var numbers = new Argument<long[]>("NUMBER")
        {
            Description = "Only those of these numbers; without any, all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var data = new DataFolderOptions();
        var command = new Command("replay", "Have events published again that a sink refused") { dead, sink, numbers };
        data.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(dead))
                result.AddError("replay: say what is to be published again: --dead.");
        });
        command.SetAction(result =>
            data.UseDeadLetters(result, file => Mark(file, result.GetValue(sink), [.. result.GetValue(numbers)!.Distinct()]))
        );
        return command;
    }

    private static void Mark(DeadLetterFile file, string? sink, long[] wanted)
    {
        int marked = file.Mark(sink, wanted);
        if (marked < wanted.Length)
            throw new UsageException(
                $"of {wanted.Length} numbers {marked} are there, and marked; bouncemx events dead shows which there are"
            );
        Console.WriteLine(
            marked switch
            {
                0 => "No sink refused such an event.",
                1 => "1 event is marked; the server gives it to its sink again within a second, or when it starts.",
                _ => $"{marked} events are marked; the server gives them to their sinks again within seconds, or when it starts.",
            }
        );
    }
}
