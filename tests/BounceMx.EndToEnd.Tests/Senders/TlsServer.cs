using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>A server with a certificate of its own making: STARTTLS on its port, and one more listener that speaks TLS from the first octet.</summary>
public sealed class TlsServer : RunningServer
{
    internal int ImplicitTlsPort { get; } = Loopback.FreePort();

    internal override ServerSetup Setup =>
        base.Setup with
        {
            Arguments = ["--tls-self-signed"],
            Environment = new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = $"127.0.0.1:{ImplicitTlsPort}",
                ["Smtp__Listeners__smtps__Tls"] = "implicit",
            },
        };
}
