using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>The order of things, as the kernel sees it: a message is written to the log, the log is synced, and only then is there a 250.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task Every_250_comes_after_the_fsync_of_its_message()
    {
        await using var server = await BounceMxProcess.StartAsync();
        using var client = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);
        string[] recipients = [.. Enumerable.Range(0, 10).Select(i => $"order{i}@recipient.example")];
        var strace = await Strace.AttachAsync(server, ["-s", "65536", "-e", "trace=pwrite64,fsync,fdatasync,sendto,sendmsg"]);
        foreach (var recipient in recipients)
        {
            var message = SampleMail.UserUnknown(recipient);
            (await client.DeliverAsync(BounceAddress.Of(recipient), message, TestContext.Current.CancellationToken)).Code.ShouldBe(250);
        }
        await strace.DetachAsync();
        var calls = strace.Lines;
        await strace.DisposeAsync();

        var (begun, answered) = (0, 0);
        foreach (var recipient in recipients)
        {
            begun = Find(calls, answered, line => Is(line, "send", "socket:") && line.Contains("\"354 ", StringComparison.Ordinal));
            var written = Find(
                calls,
                begun,
                line => Is(line, "pwrite64", "bouncemx.db-wal>") && line.Contains(Local(recipient), StringComparison.Ordinal)
            );
            var synced = FindEndOfSync(calls, written);
            answered = Find(calls, begun, line => Is(line, "send", "socket:") && line.Contains("\"250 2.0.0 ", StringComparison.Ordinal));
            answered.ShouldBeGreaterThan(synced, recipient);
        }
    }

    private static string Local(string recipient) => recipient[..(recipient.IndexOf('@', StringComparison.Ordinal))];

    private static int Find(IReadOnlyList<string> calls, int from, Func<string, bool> wanted)
    {
        for (var i = from; i < calls.Count; i++)
        {
            if (wanted(calls[i]))
                return i;
        }
        throw new InvalidDataException($"not found behind line {from} of the trace:\n{string.Join('\n', calls.Skip(from).Select(Head))}");
    }

    // Another thread's call between its beginning and its end makes two lines of it.
    private static int FindEndOfSync(IReadOnlyList<string> calls, int from)
    {
        var begun = Find(calls, from, line => Is(line, "f", "bouncemx.db-wal>"));
        if (!calls[begun].EndsWith("<unfinished ...>", StringComparison.Ordinal))
            return begun;
        var thread = calls[begun].Split(' ')[0];
        return Find(
            calls,
            begun + 1,
            line => line.StartsWith($"{thread} ", StringComparison.Ordinal) && line.Contains("sync resumed>", StringComparison.Ordinal)
        );
    }

    // THREAD CALL(NUMBER<FILE>, …: with what the call's name begins, and what is in its file's.
    private static bool Is(string line, string call, string file)
    {
        var head = Head(line);
        return head.Contains($" {call}", StringComparison.Ordinal) && head.Contains(file, StringComparison.Ordinal);
    }

    private static string Head(string line) => line[..Math.Min(line.Length, 120)];
}
