using System.Net;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Exim. It sends by BDAT where CHUNKING is offered.</summary>
internal sealed class Exim : Mta
{
    private const string RouteOfDomain = "${extract{$domain}{ROUTES}}";

    protected override string Package => "exim4-daemon-light";

    protected override IReadOnlyList<string> Users => ["Debian-exim"];

    protected override string Preparation => "mkdir /srv/spool && chown Debian-exim: /srv/spool";

    // Verbose: it tells what it sends.
    protected override IReadOnlyList<string> Command => ["/mnt/usr/sbin/exim4", "-C", "/srv/exim.conf", "-bdf", "-q1s", "-v"];

    protected override IReadOnlyDictionary<string, string> Configure(IReadOnlyDictionary<string, IPEndPoint> routes) =>
        new Dictionary<string, string>
        {
            ["exim.conf"] = $"""
                ROUTES = {string.Join(' ', routes.Select(route => $"{route.Key}={MxOf(route.Key)}::{route.Value.Port}"))}
                exim_path = /mnt/usr/sbin/exim4
                spool_directory = /srv/spool
                log_file_path = /srv/spool/%slog
                primary_hostname = {HostName}
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = {Port}
                acl_smtp_rcpt = accept
                host_lookup =
                rfc1413_query_timeout = 0s
                keep_environment =
                tls_advertise_hosts =
                dsn_advertise_hosts = *
                delay_warning = 1s

                begin routers
                route:
                  driver = manualroute
                  transport = smtp
                  route_data = {RouteOfDomain} byname
                  self = send

                begin transports
                smtp:
                  driver = smtp
                  allow_localhost
                  hosts_try_dane =

                begin retry
                * * F,1h,1s
                """,
        };
}
