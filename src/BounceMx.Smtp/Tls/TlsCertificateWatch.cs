using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// Looks at the files of <see cref="TlsCertificates"/> every ten seconds and takes what has changed; says in the log what is in use, and when it
/// is about to expire. What cannot be used, such as a new certificate whose key is still to come, changes nothing and is told once.
/// It reads the files rather than have the system watch them: certbot turns symbolic links, containers mount over folders, and network
/// file systems report nothing. It compares what they hold, not their times, which copies keep and clocks turn back.
/// </summary>
/// <param name="certificates">The certificates.</param>
/// <param name="time">The clock for looking and for what has expired.</param>
/// <param name="logger">Where it reports.</param>
public sealed class TlsCertificateWatch(TlsCertificates certificates, TimeProvider time, ILogger<TlsCertificateWatch> logger)
    : IHostedService,
        IDisposable
{
    // A renewal is weeks early; ten seconds are what somebody who tries it by hand waits for.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Certbot renews 30 days ahead: who has 14 left has a renewal that fails.
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(14);

    private readonly Entry[] _entries = [.. certificates.All.Select(_ => new Entry())];
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (TlsCertificate certificate in certificates.All)
            TlsLog.CertificateTaken(logger, certificate.Subject, certificate.Origin, certificate.NotAfter);
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
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

    // One look at a time: the timer is set again when it is over.
    private void Look()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            if (i < certificates.Files.Count)
                Reload(i);
            WarnOfExpiry(i);
        }
        _timer?.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Reload(int i)
    {
        TlsCertificate current = certificates.All[i];
        string? fault = null;
        try
        {
            TlsCertificate loaded = TlsCertificate.Load(certificates.Files[i], current);
            if (loaded != current)
            {
                certificates.Replace(i, loaded);
                TlsLog.CertificateTaken(logger, loaded.Subject, loaded.Origin, loaded.NotAfter);
                _entries[i].Told = Validity.Good;
            }
        }
        catch (Exception exception)
        {
            // Whatever it is: this runs on a timer, where nobody else would catch it.
            fault = exception.Message;
        }
        if (fault is not null && fault != _entries[i].Fault)
            TlsLog.CertificateKept(logger, fault, current.Subject);
        _entries[i].Fault = fault;
    }

    private void WarnOfExpiry(int i)
    {
        TlsCertificate current = certificates.All[i];
        TimeSpan left = current.NotAfter - time.GetUtcNow();
        Validity validity =
            left <= TimeSpan.Zero ? Validity.Expired
            : left <= ExpiresSoon ? Validity.ExpiresSoon
            : Validity.Good;
        if (validity == _entries[i].Told)
            return;
        _entries[i].Told = validity;
        if (validity == Validity.Expired)
            TlsLog.CertificateExpired(logger, current.Subject, current.Origin, current.NotAfter);
        else if (validity == Validity.ExpiresSoon)
            TlsLog.CertificateExpiresSoon(logger, current.Subject, current.Origin, current.NotAfter);
    }

    private enum Validity
    {
        Good,
        ExpiresSoon,
        Expired,
    }

    // What the log was told of a certificate.
    private sealed class Entry
    {
        public string? Fault { get; set; }
        public Validity Told { get; set; }
    }
}
