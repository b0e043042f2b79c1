using System.Globalization;

namespace BounceMx.Verp.Tests;

/// <summary>A clock that stands still until a test sets it.</summary>
internal sealed class ManualTime(string now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow() => Now;
}
