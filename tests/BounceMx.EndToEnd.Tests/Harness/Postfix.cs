using System.Net;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Postfix. It tries again each second and warns of a delay after one.</summary>
internal sealed class Postfix : Mta
{
    /// <summary>A domain of its own, whose mail it delivers to nowhere.</summary>
    public const string LocalDomain = "local.test";

    protected override string Package => "postfix";

    protected override IReadOnlyList<string> Users => ["postfix", "postdrop"];

    protected override string Preparation =>
        """
            mkdir /srv/queue /srv/data
            chown postfix /srv/data
            export LD_LIBRARY_PATH=/mnt/usr/lib/postfix
            """;

    protected override IReadOnlyList<string> Command => ["/mnt/usr/sbin/postfix", "-c", "/srv/conf", "start-fg"];

    protected override IReadOnlyDictionary<string, string> Configure(IReadOnlyDictionary<string, IPEndPoint> routes) =>
        new Dictionary<string, string>
        {
            ["conf/main.cf"] = $"""
                compatibility_level = 3.6
                queue_directory = /srv/queue
                data_directory = /srv/data
                daemon_directory = /mnt/usr/lib/postfix/sbin
                command_directory = /mnt/usr/sbin
                shlib_directory = /mnt/usr/lib/postfix
                meta_directory = /mnt/etc/postfix
                sendmail_path = /mnt/usr/sbin/sendmail
                import_environment = MAIL_CONFIG LD_LIBRARY_PATH
                maillog_file = /dev/stdout
                myhostname = {HostName}
                mydestination =
                local_recipient_maps =
                alias_maps =
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                mynetworks = 127.0.0.0/8
                smtpd_authorized_verp_clients = 127.0.0.0/8
                smtpd_relay_restrictions = permit_mynetworks, reject
                smtpd_peername_lookup = no
                smtp_dns_support_level = disabled
                smtp_tls_security_level = may
                transport_maps = inline:{Braced(routes.Select(Transport).Append(Braced([$"{LocalDomain}=discard:"])))}
                default_transport = error:no route
                delay_warning_time = 1s
                minimal_backoff_time = 1s
                queue_run_delay = 1s
                """,
            ["conf/master.cf"] = $"""
                127.0.0.1:{Port} inet n - n - - smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                smtp unix - - n - - smtp
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                anvil unix - - n - 1 anvil
                tlsmgr unix - - n 1000? 1 tlsmgr
                postlog unix-dgram n - n - 1 postlogd
                """,
        };

    private static string Transport(KeyValuePair<string, IPEndPoint> route) =>
        Braced([$"{route.Key}=smtp:[{MxOf(route.Key)}]:{route.Value.Port}"]);

    private static string Braced(IEnumerable<string> items) => $"{{ {string.Join(", ", items)} }}";
}
