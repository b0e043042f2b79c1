namespace BounceMx.Storage;

/// <summary>
/// Octets that may be under way at a time. Who wants to add some waits until others have come to their end; the last to be let in may exceed the bound, so
/// that one that is larger than all of it gets through. Any thread.
/// </summary>
/// <param name="bound">How many.</param>
internal sealed class OctetBudget(long bound)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _room = New();
    private long _taken;

    /// <summary>Takes some; waits while there is no room.</summary>
    public async ValueTask TakeAsync(long octets, CancellationToken cancellationToken)
    {
        while (!TryTake(octets, out Task room))
            await room.WaitAsync(cancellationToken);
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(long octets)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            bool wasFull = _taken >= bound;
            _taken -= octets;
            if (wasFull && _taken < bound)
                (room, _room) = (_room, New());
        }
        room?.SetResult();
    }

    // False when it is full, until the task completes.
    private bool TryTake(long octets, out Task room)
    {
        lock (_gate)
        {
            room = _room.Task;
            if (_taken >= bound)
                return false;
            _taken += octets;
            return true;
        }
    }

    // Continuations must not run on the writer thread: they analyse.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
