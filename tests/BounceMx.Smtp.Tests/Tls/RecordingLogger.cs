using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tests.Tls;

/// <summary>Keeps what is logged, as lines that begin with the event id.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly List<string> _lines = [];

    /// <summary>What was logged since the last time that it was asked for.</summary>
    public IReadOnlyList<string> Take()
    {
        string[] lines = [.. _lines];
        _lines.Clear();
        return lines;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Add($"{eventId.Id} {formatter(state, exception)}");
}
