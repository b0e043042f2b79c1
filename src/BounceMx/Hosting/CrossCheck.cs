using System.Net;
using BounceMx.Mail.Classification;
using BounceMx.Smtp;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Hosting;

/// <summary>
/// Values that are each allowed, held against one another and against what they name. It changes nothing and opens nothing that stays open, so
/// it may run beside a server. Known gap: what only the start can find out, taken ports and a data folder that cannot be written.
/// </summary>
internal sealed class CrossCheck(IConfigurationRoot configuration)
{
    private readonly IReadOnlyList<SmtpListenerPlan> _listeners = SmtpListenerPlan.All(configuration);

    /// <summary>What the server would not start with. Each value on its own must be allowed.</summary>
    public IEnumerable<ConfigurationFault> Faults() =>
        // What a listener has from section Smtp is a fault of all listeners, but one.
        _listeners
            .SelectMany(Contradictions)
            .Distinct()
            .Concat(Endpoints())
            .Concat(Certificates())
            .Concat(Verp())
            .Concat(Rules())
            .Concat(Collector());

    private IEnumerable<ConfigurationFault> Contradictions(SmtpListenerPlan listener)
    {
        SmtpServerOptions session = listener.Options;
        var bodies = configuration.Get<BodyLimits>("Smtp");
        (string, long) hardErrors = (nameof(session.HardErrorLimit), session.HardErrorLimit);
        (string, long) softErrors = (nameof(session.SoftErrorLimit), session.SoftErrorLimit);
        (string, long) hardBodies = (nameof(bodies.BodiesHardLimit), bodies.BodiesHardLimit);
        (string, long) softBodies = (nameof(bodies.BodiesSoftLimit), bodies.BodiesSoftLimit);
        (string, long) networkBodies = (nameof(bodies.BodiesPerNetwork), bodies.BodiesPerNetwork);
        (string, long) message = (nameof(session.MaxMessageSize), session.MaxMessageSize);
        return
        [
            .. NoLess(listener, hardErrors, softErrors),
            .. NoLess(listener, hardBodies, softBodies),
            // It would be refused for ever.
            .. NoLess(listener, hardBodies, message),
            .. bodies.BodiesPerNetwork == 0 ? [] : NoLess(listener, networkBodies, message),
            .. BinaryWithoutChunks(listener),
        ];
    }

    private IEnumerable<ConfigurationFault> NoLess(
        SmtpListenerPlan listener,
        (string Name, long Value) one,
        (string Name, long Value) other
    )
    {
        string least = KeyOf(listener, other.Name);
        if (one.Value < other.Value)
            yield return Fault(KeyOf(listener, one.Name), one.Value, $"no less than {least}, which is \"{other.Value}\" ({Origin(least)})");
    }

    private IEnumerable<ConfigurationFault> BinaryWithoutChunks(SmtpListenerPlan listener)
    {
        string chunking = KeyOf(listener, nameof(SmtpServerOptions.Chunking));
        if (listener.Options is { BinaryMime: true, Chunking: false })
            yield return Fault(KeyOf(listener, nameof(SmtpServerOptions.BinaryMime)), "true", $"beside {chunking} \"true\" only");
    }

    private IEnumerable<ConfigurationFault> Endpoints()
    {
        var seen = new List<(string Key, string Text, IPEndPoint Endpoint)>();
        foreach ((string key, string text) in ListenEndpoint.All(configuration))
        {
            IPEndPoint endpoint = ListenEndpoint.Parse(text);
            int first = seen.FindIndex(other => ListenEndpoint.Overlap(other.Endpoint, endpoint));
            if (first >= 0)
                yield return Fault(key, text, $"what does not overlap with {seen[first].Key}, which is \"{seen[first].Text}\"");
            seen.Add((key, text, endpoint));
        }
    }

    private IEnumerable<ConfigurationFault> Certificates()
    {
        var settings = configuration.Get<TlsSettings>("Tls");
        bool isWithout = !settings.SelfSigned && settings.CertificateFiles.Length == 0;
        return
        [
            .. settings.Faults(configuration.Get<SmtpServerOptions>("Smtp").HostName, TimeProvider.System),
            .. _listeners
                .Where(listener => isWithout && listener.Options.Tls == TlsMode.Implicit)
                .Select(listener => KeyOf(listener, nameof(SmtpServerOptions.Tls)))
                .Distinct(StringComparer.Ordinal)
                .Select(key => Fault(key, "implicit", "that with a certificate only, from Tls:CertificateFiles or Tls:SelfSigned")),
        ];
    }

    private IReadOnlyList<ConfigurationFault> Verp() => new VerpPlan(configuration).Faults;

    private IEnumerable<ConfigurationFault> Rules()
    {
        try
        {
            configuration.Get<ClassificationSettings>("Classification").Folder(ConfigurationLoader.Folder(configuration)).Load();
            return [];
        }
        catch (RuleFormatException e)
        {
            return [ClassificationSettings.Fault(e)];
        }
    }

    // OpenTelemetry reads the variable itself, and would quietly fall back to its default.
    private IEnumerable<ConfigurationFault> Collector()
    {
        string? variable = configuration[TelemetrySettings.EndpointVariable];
        bool counts = configuration.Get<TelemetrySettings>("Telemetry").OtlpEndpoint.Length == 0 && !string.IsNullOrEmpty(variable);
        if (counts && !CollectorUrlAttribute.IsUrl(variable!))
            yield return new ConfigurationFault(TelemetrySettings.EndpointVariable, $"is no URL; allowed: {CollectorUrlAttribute.Allowed}");
    }

    private ConfigurationFault Fault(string key, object value, string allowed) =>
        new(key, $"is \"{value}\" ({Origin(key)}); allowed: {allowed}");

    private string Origin(string key) => ConfigurationLoader.Origin(configuration, key);

    // What a named listener does not say, section Smtp does.
    private string KeyOf(SmtpListenerPlan listener, string name) =>
        configuration[$"{listener.Section}:{name}"] is null ? $"Smtp:{name}" : $"{listener.Section}:{name}";
}
