using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Pipeline;
using BounceMx.Publishing;

namespace BounceMx.Cli;

/// <summary><c>bouncemx events tail|dead</c>: the local journal, and what sinks refused for good.</summary>
internal static class EventsCommand
{
    public static Command Create() => new("events", "Show events") { CreateTail(), CreateDead() };

    private static Command CreateTail()
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes" };
        var json = new Option<bool>("--json") { Description = "The events as JSON Lines, for programs" };
        var lines = new Option<int>("--lines", "-n") { Description = "How many events to begin with", DefaultValueFactory = _ => 10 };
        var data = new DataFolderOptions();
        var command = new Command("tail", "Show the last events of the local journal") { follow, json, lines };
        data.AddTo(command);
        command.SetAction(
            async (result, cancellationToken) =>
            {
                string journal = JournalSink.FolderIn(data.Folder(result));
                // The server makes it with the first event; one who follows waits for that.
                if (!Directory.Exists(journal) && !result.GetValue(follow))
                    throw new UsageException($"{journal}: there is no journal; name the server's data folder with --data");
                Action<string> show = result.GetValue(json) ? Console.WriteLine : ShowForPeople();
                using var reader = new JournalReader(journal);
                reader.SkipToLast(result.GetValue(lines));
                Show(reader, show);
                if (result.GetValue(follow))
                    await FollowAsync(reader, show, cancellationToken);
                return 0;
            }
        );
        return command;
    }

    private static Command CreateDead()
    {
        var json = new Option<bool>("--json") { Description = "JSON Lines with the events, for programs" };
        var forget = new Option<long[]>("--forget")
        {
            Description = "Give these up: they are shown and tried no more",
            HelpName = "NUMBER",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var data = new DataFolderOptions();
        var command = new Command("dead", "Show the events that a sink refused for good; bouncemx replay --dead tries them again")
        {
            json,
            forget,
        };
        data.AddTo(command);
        command.SetAction(result =>
            data.UseDeadLetters(
                result,
                file =>
                {
                    if (result.GetValue(forget) is { Length: > 0 } numbers)
                        Console.WriteLine($"Given up: {file.Forget(numbers)}");
                    else if (result.GetValue(json))
                        DeadLetterLists.WriteJson(file.Read(), Console.OpenStandardOutput());
                    else
                        DeadLetterLists.WriteTable([.. file.Read()], Terminal.ForTables);
                }
            )
        );
        return command;
    }

    private static async Task FollowAsync(JournalReader reader, Action<string> show, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                Show(reader, show);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how one leaves.
        }
    }

    private static void Show(JournalReader reader, Action<string> show)
    {
        foreach (string line in reader.ReadNew())
            show(line);
    }

    private static Action<string> ShowForPeople()
    {
        var console = new EventConsole(Terminal.ForLines);
        return line => console.Show(EventJson.Read(line));
    }
}
