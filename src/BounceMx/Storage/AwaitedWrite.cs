namespace BounceMx.Storage;

/// <summary>A write whose outcome somebody waits for.</summary>
/// <typeparam name="T">What it finds out while it is made.</typeparam>
internal abstract class AwaitedWrite<T> : DatabaseWrite
{
    // Continuations must not run on the writer thread: they hold SMTP sessions.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is on disk, or fails with a <see cref="StorageException"/>.</summary>
    public Task<T> Task => _done.Task;

    /// <summary>What <see cref="Run"/> returned last.</summary>
    protected T Result { get; private set; } = default!;

    /// <summary>Makes the change inside the open transaction; may be called again after a rollback.</summary>
    protected abstract T Run(WriteStatements statements);

    public sealed override void Execute(WriteStatements statements) => Result = Run(statements);

    public override void OnCommitted() => _done.SetResult(Result);

    public sealed override void OnFailed(StorageException exception) => _done.SetException(exception);
}
