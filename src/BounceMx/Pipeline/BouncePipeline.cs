using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Pipeline;

/// <summary>
/// Hop 5: from the spool to the analysers.
/// Does: hand each unread message to a worker, which reads it (hops 6 to 8) and stores its events (hop 9); start with what an earlier run
/// left unread; go back to the spool for what did not fit into the channel or could not be stored; publish as unread what a bug of ours
/// keeps from being read (<see cref="UnreadMessage"/>); leave alone what lies on a damaged page.
/// Does not: lose anything by losing the channel: the spool is the truth, the channel only a hint that saves a read.
/// </summary>
internal sealed class BouncePipeline : BackgroundService
{
    private const int ScanSize = 256;

    /// <summary>Scans of the spool in a row that fail before the server says that it is not well.</summary>
    private const int PatientScans = 3;

    /// <summary>How long to wait before the spool is asked again when events could not be stored.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Spool _spool;
    private readonly EventStore _store;
    private readonly EventComposer _composer;
    private readonly TimeProvider _time;
    private readonly ILogger<BouncePipeline> _logger;
    private readonly int _workers;
    private readonly Channel<SpooledMessage> _channel;

    // Messages in the channel or with a worker: a scan of the spool must not hand them out a second time. At most as many as the
    // channel, the workers and the queued writes hold.
    private readonly ConcurrentDictionary<SpoolId, bool> _claimed = new();

    // Set while events cannot be stored, whosever they are. Then a worker tries one message in a while, instead of all of them over and over.
    private volatile bool _storageFails;

    private readonly OwnFaults _faults = new();

    // Scans in a row that failed, and why.
    private int _failedScans;
    private volatile string? _scanFault;

    // One token: "there is something in the spool that the channel does not know of".
    private readonly Channel<bool> _behind = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public BouncePipeline(
        Spool spool,
        EventStore store,
        EventComposer composer,
        PipelineOptions options,
        TimeProvider time,
        ILogger<BouncePipeline> logger
    )
    {
        (_spool, _store, _composer, _time, _logger) = (spool, store, composer, time, logger);
        _workers = options.Workers == 0 ? Environment.ProcessorCount : options.Workers;
        _channel = Channel.CreateBounded<SpooledMessage>(options.Capacity);
        _behind.Writer.TryWrite(true);
    }

    /// <summary>Why the spool cannot be read, and what is not analysed yet waits; <c>null</c> when all is well.</summary>
    public string? Fault => _scanFault;

    /// <summary>Says that a message is in the spool. Never waits: what does not fit is found there later.</summary>
    public void Offer(SpooledMessage message)
    {
        if (!_claimed.TryAdd(message.Id, true))
            return;
        if (!_channel.Writer.TryWrite(message))
        {
            Release(message.Id);
            _behind.Writer.TryWrite(true);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll([ScanAsync(stoppingToken), .. Enumerable.Range(0, _workers).Select(_ => WorkAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not analysed yet stands in the spool.
        }
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        await foreach (bool _ in _behind.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await ScanOnceAsync(cancellationToken);
                (_failedScans, _scanFault) = (0, null);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (++_failedScans == 1)
                    PipelineLog.ScanFailed(_logger, e);
                if (_failedScans >= PatientScans)
                    _scanFault = $"unread messages cannot be found: {e.Message}";
                _behind.Writer.TryWrite(true);
                await Task.Delay(RetryDelay, _time, cancellationToken);
            }
        }
    }

    private async Task ScanOnceAsync(CancellationToken cancellationToken)
    {
        var last = default(SpoolId);
        while (await Task.Run(() => _spool.ReadUnread(last, ScanSize), cancellationToken) is { Count: > 0 } messages)
        {
            foreach (SpooledMessage message in messages)
            {
                last = message.Id;
                if (_claimed.TryAdd(message.Id, true))
                    await _channel.Writer.WriteAsync(message, cancellationToken);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Offer must not run an analysis on the session's thread.
        await Task.Yield();
        await foreach (SpooledMessage message in _channel.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                if (_storageFails)
                    await Task.Delay(RetryDelay, _time, cancellationToken);
                await _store.StoreAsync(message.Id, Compose(message), OnStored, cancellationToken);
            }
            catch (SqliteException e) when (StorageFaults.Of(e) == StorageFault.Corrupt)
            {
                // Nothing but a start of the server, which checks the file, makes it better: it stays claimed.
                PipelineLog.Damaged(_logger, message.Id, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A bug or a disk that cannot be read: the message stays unread and is tried again.
                PipelineLog.AnalysisFailed(_logger, message.Id, e);
                _ = ComeBackAsync(message.Id, _faults.Add(message.Id, e), cancellationToken);
            }
        }
    }

    private IReadOnlyList<BounceEvent> Compose(SpooledMessage message)
    {
        string? fault = _faults.Final(message.Id);
        if (fault is null && message.Fault is { } unreadable)
            ExceptionDispatchInfo.Throw(unreadable);
        byte[] raw = message.Raw ?? _spool.ReadRaw(message.Id);
        if (fault is null)
            return _composer.Compose(message, raw);
        PipelineLog.PublishedUnread(_logger, message.Id, OwnFaults.MaxTries, fault);
        return UnreadMessage.Compose(message, raw, fault);
    }

    // On the writer thread.
    private void OnStored(SpoolId id, StorageException? exception)
    {
        if (exception is null)
        {
            if (_storageFails)
            {
                _storageFails = false;
                PipelineLog.StoringAgain(_logger);
            }
            _faults.Forget(id);
            Release(id);
            return;
        }
        if (OwnFaults.IsOurs(exception))
        {
            PipelineLog.EventsRefused(_logger, id, exception.Message);
        }
        else if (!_storageFails)
        {
            _storageFails = true;
            PipelineLog.NotStored(_logger, exception.Message);
        }
        _ = ComeBackAsync(id, _faults.Add(id, exception), CancellationToken.None);
    }

    private async Task ComeBackAsync(SpoolId id, TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, _time, cancellationToken);
        Release(id);
        _behind.Writer.TryWrite(true);
    }

    private void Release(SpoolId id) => _claimed.TryRemove(id, out _);
}
