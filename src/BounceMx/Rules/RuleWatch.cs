using BounceMx.Mail.Classification;

namespace BounceMx.Rules;

/// <summary>
/// Looks at the folder of rules every second and takes what has changed, once it has stood for two looks: a file may be half written at the first. What
/// cannot be used changes nothing and is told once.
/// It reads the files rather than have the system watch them, for the reasons that <see cref="Smtp.Tls.TlsCertificateWatch"/> gives.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="inUse">The files that the classifier was made of.</param>
/// <param name="classifier">Who gets the new rules.</param>
/// <param name="time">The clock of the timer.</param>
/// <param name="logger">Where it reports.</param>
internal sealed class RuleWatch(
    RuleFolder folder,
    RuleFile[] inUse,
    LiveClassifier classifier,
    TimeProvider time,
    ILogger<RuleWatch> logger
) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What was seen at the last look.</summary>
    private RuleFile[] _seen = inUse;

    /// <summary>What was taken or refused last.</summary>
    private RuleFile[] _judged = inUse;

    private string? _told;
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_judged.Length > 0)
            Tell();
        _timer = time.CreateTimer(_ => Look(), null, Interval, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks once. One look at a time: the timer is set again when it is over.</summary>
    internal void Look()
    {
        string? fault = null;
        try
        {
            Reload();
        }
        catch (Exception exception)
        {
            // Whatever it is: this runs on a timer, where nobody else would catch it.
            fault = exception.Message;
        }
        if (fault is not null && fault != _told)
            RuleLog.Kept(logger, fault);
        _told = fault;
        _timer?.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Reload()
    {
        RuleFile[] files = folder.Read();
        bool isSettled = Same(files, _seen);
        _seen = files;
        if (!isSettled || Same(files, _judged))
            return;
        // Files that were deleted are meant to be gone; a whole folder is more likely not mounted.
        if (files.Length == 0 && !folder.Exists)
            throw new RuleFormatException($"{folder.Path}: the folder is gone");
        _judged = files;
        classifier.Use(RuleOverlay.Load(files));
        Tell();
    }

    private void Tell()
    {
        IReadOnlyList<BounceRule> rules = classifier.Current.Book.Rules;
        RuleLog.Taken(logger, rules.Count, RuleOverlay.Own(rules).Count(), folder.Path);
    }

    private static bool Same(RuleFile[] one, RuleFile[] other) =>
        one.Length == other.Length
        && one.Zip(other)
            .All(pair => pair.First.Name == pair.Second.Name && pair.First.Content.AsSpan().SequenceEqual(pair.Second.Content));
}
