namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>The lines that a process has written so far.</summary>
internal sealed class OutputLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Adds a line.</summary>
    /// <param name="line"><c>null</c> at the stream's end.</param>
    public void Add(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
            _lines.Add(line);
    }

    /// <summary>The last lines, for the message of a test that failed.</summary>
    public string Tail(int count = 40) => string.Join('\n', All.TakeLast(count));

    public override string ToString() => string.Join('\n', All);
}
