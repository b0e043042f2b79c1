using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>Programs and libraries that send one message each, as their users would have them do.</summary>
internal static class MailPrograms
{
    private const string HostName = "mx.sender.example";

    private const string Smtplib = """
        import smtplib, ssl, sys
        port, starttls, sender, recipient = sys.argv[1:]
        with smtplib.SMTP("127.0.0.1", int(port), local_hostname="mx.sender.example") as client:
            if starttls == "True":
                # Its certificate is nobody's business here.
                client.starttls(context=ssl._create_unverified_context())
            client.sendmail(sender, [recipient], sys.stdin.read())
        """;

    private const string Nodemailer = """
        const [library, port, starttls, sender, recipient] = process.argv.slice(1);
        const security = starttls === "True" ? { requireTLS: true, tls: { rejectUnauthorized: false } } : { ignoreTLS: true };
        require(library)
          .createTransport({ host: "127.0.0.1", port: Number(port), name: "mx.sender.example", ...security })
          .sendMail({ envelope: { from: sender, to: [recipient] }, raw: require("fs").readFileSync(0) })
          .catch((error) => { console.error(error); process.exitCode = 1; });
        """;

    /// <summary>swaks, with options of one's own.</summary>
    public static Task SwaksAsync(int port, string recipient, string message, params IEnumerable<string> options)
    {
        Requires.Program("swaks");
        string[] arguments = ["--server", $"127.0.0.1:{port}", "--helo", HostName, "--from", "<>", "--to", recipient, "--data", "-"];
        return RunAsync("swaks", [.. arguments, .. options], message);
    }

    /// <summary>Python's smtplib.</summary>
    public static Task SmtplibAsync(int port, string recipient, string message, bool startTls = false)
    {
        Requires.Program("python3");
        return RunAsync("python3", ["-c", Smtplib, $"{port}", $"{startTls}", "", recipient], message);
    }

    /// <summary>nodemailer, the usual library of Node.js.</summary>
    public static Task NodemailerAsync(int port, string recipient, string message, bool startTls = false, string sender = "")
    {
        Requires.Program("node");
        var library = Requires.Sender("nodemailer/node_modules/nodemailer");
        return RunAsync("node", ["-e", Nodemailer, library, $"{port}", $"{startTls}", sender, recipient], message);
    }

    /// <summary>Postfix's smtp-source: many messages at once, each on a connection of its own.</summary>
    public static Task SmtpSourceAsync(int port, string recipient, int messages, int connections)
    {
        var program = Requires.Sender("postfix/usr/sbin/smtp-source");
        string[] load = ["-s", $"{connections}", "-m", $"{messages}", "-l", "3000"];
        return RunAsync(
            program,
            [.. load, "-f", "", "-t", recipient, $"127.0.0.1:{port}"],
            environment: new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = Requires.Sender("postfix/usr/lib/postfix") }
        );
    }

    private static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? standardInput = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var (exitCode, process) = await ChildProcess.RunAsync(program, arguments, environment, standardInput: standardInput);
        exitCode.ShouldBe(0, $"{process.StandardOutput}\n{process.StandardError}");
    }
}
