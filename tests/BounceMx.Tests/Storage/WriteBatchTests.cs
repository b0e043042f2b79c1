using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

/// <summary>When a transaction takes no more.</summary>
public sealed class WriteBatchTests
{
    private readonly WriteBatch _batch = new();

    [Fact]
    public void An_empty_one_waits_without_end() => _batch.TimeLeft.ShouldBe(Timeout.InfiniteTimeSpan);

    [Fact]
    public void What_somebody_waits_for_does_not_wait_for_more()
    {
        Add(isUrgent: true);
        _batch.TimeLeft.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_nobody_waits_for_waits_for_up_to_10_ms()
    {
        Add(isUrgent: false);
        _batch.TimeLeft.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task A_wait_that_is_over_is_zero_and_never_endless()
    {
        Add(isUrgent: false);
        await Task.Delay(TimeSpan.FromMilliseconds(30), TestContext.Current.CancellationToken);
        _batch.TimeLeft.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void When_busy_it_waits_for_as_many_as_the_last_had_and_half_a_millisecond_at_most()
    {
        Add();
        Add();
        Add();
        _batch.Clear();
        // The first may have waited too long already where the machine is slow; then the test says nothing.
        Add();
        _batch.TimeLeft.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMicroseconds(500));
        Add();
        Add();
        _batch.TimeLeft.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_nobody_waits_for_goes_with_what_somebody_waits_for()
    {
        Add(isUrgent: false);
        Add(isUrgent: true);
        _batch.TimeLeft.ShouldBe(TimeSpan.Zero);
        _batch.Writes.Count.ShouldBe(2);
    }

    [Fact]
    public void It_is_full_with_512_writes()
    {
        for (int i = 0; i < 511; i++)
            Add();
        _batch.IsFull.ShouldBeFalse();
        Add();
        _batch.IsFull.ShouldBeTrue();
    }

    [Fact]
    public void It_is_full_with_8_MiB()
    {
        Add(octets: (8 << 20) - 1);
        _batch.IsFull.ShouldBeFalse();
        Add(octets: 1);
        _batch.IsFull.ShouldBeTrue();
    }

    [Fact]
    public void The_next_begins_with_nothing()
    {
        Add(octets: 9 << 20);
        _batch.Clear();
        _batch.ShouldSatisfyAllConditions(
            batch => batch.Writes.ShouldBeEmpty(),
            batch => batch.IsFull.ShouldBeFalse(),
            batch => batch.TimeLeft.ShouldBe(Timeout.InfiniteTimeSpan)
        );
    }

    private void Add(bool isUrgent = true, long octets = 0) => _batch.Add(new ProbeWrite(_ => { }, isUrgent, octets));
}
