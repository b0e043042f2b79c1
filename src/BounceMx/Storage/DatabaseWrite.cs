namespace BounceMx.Storage;

/// <summary>One change to the database, committed together with whatever else is queued. All members run on the writer thread.</summary>
internal abstract class DatabaseWrite
{
    /// <summary>Whether somebody waits for it: then a commit does not wait for more to come. What is not urgent rides along.</summary>
    public virtual bool IsUrgent => false;

    /// <summary>About how much it writes: a transaction takes no more writes when this is large in sum.</summary>
    public virtual long Octets => 0;

    /// <summary>Makes the change inside the open transaction; may be called again after a rollback.</summary>
    public abstract void Execute(WriteStatements statements);

    /// <summary>The change is on disk. Must not block or throw.</summary>
    public abstract void OnCommitted();

    /// <summary>The change is not on disk and will not be. Must not block or throw.</summary>
    public abstract void OnFailed(StorageException exception);
}
