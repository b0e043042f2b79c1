namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>The ways to send a message.</summary>
internal static class Sending
{
    // So small that every message of the table has several, and no longer one has thousands.
    private const int ChunkSize = 7;
    private const int MostChunks = 500;

    /// <summary>DATA, dots doubled (RFC 5321 section 4.1.1.4).</summary>
    public static IEnumerable<Step> ByData(Step step) => [("DATA", "354"), Step.Octets(DataModel.Write(step.Message!), step.Replies)];

    /// <summary>One BDAT (RFC 3030 section 2).</summary>
    public static IEnumerable<Step> ByBdat(Step step) => [Chunk(step.Message!, isLast: true, step.Replies)];

    /// <summary>Many BDATs in one go, and an empty one at the end.</summary>
    public static IEnumerable<Step> ByChunks(Step step)
    {
        int size = Math.Max(ChunkSize, step.Message!.Length / MostChunks);
        Step[] chunks = [.. step.Message.Chunk(size).Select(chunk => Chunk(new string(chunk), isLast: false, "250 2.0.0"))];
        Step[] all = [.. chunks, Chunk("", isLast: true, step.Replies)];
        return [new Step(string.Concat(all.Select(chunk => chunk.Sent)), string.Join(" | ", all.Select(chunk => chunk.Replies)))];
    }

    private static Step Chunk(string octets, bool isLast, string replies) =>
        Step.Octets($"BDAT {octets.Length}{(isLast ? " LAST" : "")}\r\n{octets}", replies);
}
