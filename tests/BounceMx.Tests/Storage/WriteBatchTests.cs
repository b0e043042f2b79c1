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
    public void After_a_batch_of_several_it_waits_half_a_millisecond_for_as_many()
    {
        // Of many, as on a slow machine the half millisecond may be over before it is asked for.
        TimeSpan longest = Enumerable.Range(0, 100).Max(_ => TimeLeftAfterThree(then: 1));
        longest.ShouldBeGreaterThan(TimeSpan.Zero);
        longest.ShouldBeLessThanOrEqualTo(TimeSpan.FromMicroseconds(500));
    }

    [Fact]
    public void It_does_not_wait_for_more_than_the_last_had() => TimeLeftAfterThree(then: 3).ShouldBe(TimeSpan.Zero);

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

    private TimeSpan TimeLeftAfterThree(int then)
    {
        _batch.Clear();
        for (int i = 0; i < 3; i++)
            Add();
        _batch.Clear();
        for (int i = 0; i < then; i++)
            Add();
        return _batch.TimeLeft;
    }

    private void Add(bool isUrgent = true, long octets = 0) => _batch.Add(new ProbeWrite(_ => { }, isUrgent, octets));
}
