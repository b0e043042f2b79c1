using System.Globalization;

namespace BounceMx.Tests;

/// <summary>A clock that the test sets; timers run on the real one.</summary>
internal sealed class ManualTime(string now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow() => Now;
}
