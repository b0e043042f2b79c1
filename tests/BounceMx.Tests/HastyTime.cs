namespace BounceMx.Tests;

/// <summary>The system's clock, whose timers run twenty times as fast: for pauses that grow.</summary>
internal sealed class HastyTime : TimeProvider
{
    private const int Haste = 20;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            callback,
            state,
            dueTime > TimeSpan.Zero ? dueTime / Haste : dueTime,
            period > TimeSpan.Zero ? period / Haste : period
        );
}
