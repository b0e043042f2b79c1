using System.Net;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>OpenSMTPD. It waits some seconds before each of its steps, by design.</summary>
internal sealed class OpenSmtpd : Mta
{
    protected override string Package => "opensmtpd";

    protected override IReadOnlyList<string> Users => ["opensmtpd", "opensmtpq"];

    // Its paths are compiled in. The folder of its socket is seen by nobody else.
    protected override string Preparation =>
        """
            for folder in /var/spool /var/lib /run; do mount -t tmpfs -o mode=755 tmpfs $folder; done
            mkdir -p /var/lib/opensmtpd/empty
            mkdir -m 711 /var/spool/smtpd
            """;

    protected override IReadOnlyList<string> Command => ["/mnt/usr/sbin/smtpd", "-d", "-f", "/srv/smtpd.conf"];

    protected override IReadOnlyDictionary<string, string> Configure(IReadOnlyDictionary<string, IPEndPoint> routes) =>
        new Dictionary<string, string>
        {
            ["smtpd.conf"] = $"""
                bounce warn-interval 1s
                listen on 127.0.0.1 port {Port} hostname {HostName}
                {string.Concat(routes.Select(Rule))}
                """,
        };

    private static string Rule(KeyValuePair<string, IPEndPoint> route) =>
        $"""
            action "{route.Key}" relay helo {HostName} host smtp://{MxOf(route.Key)}:{route.Value.Port}
            match from any for domain {route.Key} action "{route.Key}"

            """;
}
