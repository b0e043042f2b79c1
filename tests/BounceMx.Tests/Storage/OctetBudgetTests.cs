using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

public sealed class OctetBudgetTests
{
    private readonly OctetBudget _budget = new(100);

    [Fact]
    public async Task Who_comes_when_it_is_full_waits_until_there_is_room()
    {
        await TakeAsync(60);
        await TakeAsync(60);
        Task third = TakeAsync(60);
        third.IsCompleted.ShouldBeFalse();
        _budget.Return(60);
        await third.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void One_that_is_larger_than_all_of_it_gets_through() => TakeAsync(1000).IsCompletedSuccessfully.ShouldBeTrue();

    [Fact]
    public async Task All_that_wait_come_through_in_the_end()
    {
        await TakeAsync(100);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(_ => TakeThenReturnAsync(100))];
        _budget.Return(100);
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Who_gives_up_waiting_has_taken_nothing()
    {
        await TakeAsync(100);
        using var cancellation = new CancellationTokenSource();
        Task waiting = _budget.TakeAsync(100, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _budget.Return(100);
        TakeAsync(1).IsCompletedSuccessfully.ShouldBeTrue();
    }

    private Task TakeAsync(long octets) => _budget.TakeAsync(octets, CancellationToken.None).AsTask();

    private async Task TakeThenReturnAsync(long octets)
    {
        await TakeAsync(octets);
        await Task.Yield();
        _budget.Return(octets);
    }
}
