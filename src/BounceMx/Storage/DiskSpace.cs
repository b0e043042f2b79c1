namespace BounceMx.Storage;

/// <summary>
/// The reserve: mail is refused before the disk is full, so that what was taken can still be read and published.
/// Does: read the free space of the data folder's disk, at most four times a second, whoever asks; say when the reserve is reached and when that is over.
/// Does not: free anything. Any thread may ask; a call is a look at the clock, now and then a system call.
/// </summary>
/// <param name="readFree">Reads the free octets.</param>
/// <param name="reserve">Octets below which the disk is low; 0 for never.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when it begins, and when it is over.</param>
internal sealed class DiskSpace(Func<long> readFree, long reserve, TimeProvider time, ILogger<DiskSpace> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private long _readAt;
    private long _free = -1;
    private bool _isLow;

    /// <summary>The disk of the data folder.</summary>
    public DiskSpace(StorageOptions options, TimeProvider time, ILogger<DiskSpace> logger)
        : this(() => FreeIn(options.Folder), options.Reserve, time, logger) { }

    /// <summary>Free octets that this user may fill; <see cref="long.MaxValue"/> where the system does not say.</summary>
    public long Free
    {
        get
        {
            Refresh();
            return Interlocked.Read(ref _free);
        }
    }

    /// <summary>Whether less than the reserve is free. It is over only when a sixteenth more is, so that it does not come and go with each message.</summary>
    public bool IsLow
    {
        get
        {
            Refresh();
            return Volatile.Read(ref _isLow);
        }
    }

    /// <summary>What is wrong while the disk is low, for people; else <c>null</c>.</summary>
    public string? Shortage() => IsLow ? $"{Free} octets are free, the reserve is {reserve}: mail is answered 452" : null;

    /// <summary>Free octets of the disk that a folder is on; <see cref="long.MaxValue"/> where the system does not say.</summary>
    public static long FreeIn(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    private void Refresh()
    {
        if (IsFresh)
            return;
        lock (_gate)
        {
            if (IsFresh)
                return;
            long free = readFree();
            Interlocked.Exchange(ref _free, free);
            Judge(free);
            Interlocked.Exchange(ref _readAt, time.GetTimestamp());
        }
    }

    private bool IsFresh => Interlocked.Read(ref _free) >= 0 && time.GetElapsedTime(Interlocked.Read(ref _readAt)) < Freshness;

    private void Judge(long free)
    {
        bool isLow = free < (_isLow ? reserve + (reserve / 16) : reserve);
        if (isLow == _isLow)
            return;
        Volatile.Write(ref _isLow, isLow);
        if (isLow)
            WriterLog.DiskLow(logger, free, reserve);
        else
            WriterLog.DiskEnough(logger, free, reserve);
    }
}
