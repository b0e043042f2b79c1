namespace BounceMx.Tests;

/// <summary>The system's clock, whose timers run twenty times as fast: for pauses that grow.</summary>
internal sealed class HastyTime : TimeProvider
{
    private const int Haste = 20;

    /// <summary>How far its timestamps are ahead of the system's.</summary>
    public TimeSpan Ahead { get; set; }

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            callback,
            state,
            dueTime > TimeSpan.Zero ? dueTime / Haste : dueTime,
            period > TimeSpan.Zero ? period / Haste : period
        );
}
