using System.Globalization;
using System.Text.Json;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Mail.Tests.Reports;

namespace BounceMx.Mail.Tests.Classification;

/// <summary>
/// What the book makes of MTAs that it does not know: each dialect's samples of the collection of real bounces, judged with the rules of that dialect
/// left out. The table goes to the output; the floor is held over all of them.
/// </summary>
public sealed class LeaveOutTests(ITestOutputHelper output)
{
    /// <summary>Of those that the whole book gets right, how many must be so without their dialect's rules.</summary>
    private const double Floor = 0.85;

    /// <summary>A file of rules, and the labels' engines that speak its dialect, by the starts of their names.</summary>
    private static readonly (string File, string[] Engines)[] Dialects =
    [
        ("amazon-notifications", ["lhost-amazonses"]),
        ("america", ["lhost-verizon", "lhost-bigfoot", "rhost-cox", "rhost-spectrum", "rhost-godaddy"]),
        ("apple", ["rhost-apple"]),
        ("china", ["rhost-tencent"]),
        ("europe", ["lhost-gmx", "lhost-einsundeins", "rhost-iua", "lhost-yandex", "lhost-mailru"]),
        ("exim", ["lhost-exim"]),
        (
            "gateways",
            [
                "rhost-mimecast",
                "rhost-messagelabs",
                "rhost-cloudflare",
                "rhost-facebook",
                "lhost-messagelabs",
                "lhost-barracuda",
                "lhost-trendmicro",
                "lhost-interscanmss",
                "lhost-mxlogic",
                "lhost-mfilter",
                "lhost-amavis",
                "lhost-surfcontrol",
                "lhost-mailmarshalsmtp",
            ]
        ),
        ("google", ["lhost-gmail", "lhost-google", "lhost-gsuite", "rhost-google", "rhost-gsuite"]),
        ("hosted", ["lhost-amazonworkmail", "lhost-receivingses", "lhost-sendgrid", "lhost-zoho", "rhost-zoho", "lhost-powermta"]),
        ("japan", ["lhost-ezweb", "lhost-kddi", "lhost-biglobe", "rhost-kddi", "rhost-nttdocomo"]),
        ("mailservers", ["lhost-courier", "lhost-domino", "lhost-messagingserver", "lhost-apachejames", "lhost-x"]),
        ("microsoft", ["lhost-exchange", "lhost-office365", "lhost-outlook", "rhost-microsoft", "rhost-outlook", "rhost-exchange"]),
        ("postfix", ["lhost-postfix"]),
        ("qmail", ["lhost-qmail"]),
        ("sendmail", ["lhost-sendmail", "lhost-v5sendmail"]),
        ("yahoo", ["lhost-yahoo", "lhost-aol", "rhost-yahoo", "rhost-aol"]),
    ];

    [Fact]
    public void The_general_rules_read_most_of_what_a_dialect_says()
    {
        Assert.SkipUnless(Directory.Exists(TestFolders.Corpus), "the collection of real bounces is not beside this checkout");

        Sample[] samples = [.. Samples()];
        BounceClassifier whole = new(RuleBook.Default);
        (int known, int kept, int judged) = (0, 0, 0);
        foreach ((string file, string[] engines) in Dialects)
        {
            BounceClassifier general = new(BookWithout(file));
            Sample[] own = [.. samples.Where(sample => engines.Any(engine => sample.Engine.StartsWith(engine, StringComparison.Ordinal)))];
            int right = own.Count(sample => sample.IsRight(whole));
            int rightWithout = own.Count(sample => sample.IsRight(general));
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file, -12}{own.Length, 4} judged{right, 5} right{rightWithout, 5} without its rules"
                )
            );
            (known, kept, judged) = (known + right, kept + rightWithout, judged + own.Length);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all", -12}{judged, 4} judged{known, 5} right{kept, 5} without"));

        judged.ShouldBeGreaterThan(200);
        ((double)kept / known).ShouldBeGreaterThanOrEqualTo(Floor);
    }

    [Fact]
    public void Every_dialect_has_its_file()
    {
        IEnumerable<string> files = Names()
            .Select(name => Path.GetFileNameWithoutExtension(name))
            .Where(name => !name.StartsWith("general", StringComparison.Ordinal));
        Dialects.Select(dialect => dialect.File).ShouldBe(files, ignoreOrder: true);
    }

    private static RuleBook BookWithout(string file) =>
        RuleBook.Load(
            Names()
                .Where(name => Path.GetFileNameWithoutExtension(name) != file)
                .Select(name => (name, typeof(RuleBook).Assembly.GetManifestResourceStream(name)!))
        );

    private static IEnumerable<string> Names() =>
        typeof(RuleBook).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("rules/", StringComparison.Ordinal));

    private static IEnumerable<Sample> Samples()
    {
        foreach (string line in File.ReadLines(Path.Combine(TestFolders.Corpus, "labels.jsonl")))
        {
            using JsonDocument label = JsonDocument.Parse(line);
            JsonElement root = label.RootElement;
            string source = root.GetProperty("source").GetString()!;
            // The copies with other line ends say the same again.
            if (
                !root.TryGetProperty("recipients", out JsonElement wanted)
                || source.EndsWith("-mac", StringComparison.Ordinal)
                || source.EndsWith("-dos", StringComparison.Ordinal)
            )
                continue;
            byte[] raw = File.ReadAllBytes(Path.Combine(TestFolders.Corpus, root.GetProperty("file").GetString()!));
            DeliveryReport report = ReportReader.Read(MimeReader.Read(raw));
            foreach (JsonElement want in wanted.EnumerateArray())
            {
                if (
                    !want.TryGetProperty("reason_ok", out JsonElement accepted)
                    || root.GetProperty("kind").GetString() is not ("bounce" or "delay")
                )
                    continue;
                string recipient = want.GetProperty("recipient").GetString()!;
                RecipientStatus? found = report.Recipients.FirstOrDefault(r =>
                    r.Recipient.Equals(recipient, StringComparison.OrdinalIgnoreCase)
                );
                yield return new Sample(
                    root.GetProperty("mta").GetString()!,
                    report,
                    found,
                    [.. accepted.EnumerateArray().Select(r => r.GetString()!)]
                );
            }
        }
    }

    /// <summary>One labelled recipient as it was read; <c>null</c> when it was not found.</summary>
    private sealed record Sample(string Engine, DeliveryReport Report, RecipientStatus? Recipient, string[] Accepted)
    {
        public bool IsRight(BounceClassifier classifier) =>
            Recipient is not null && Accepted.Contains(classifier.Classify(Report, Recipient).Reason.ToWire(), StringComparer.Ordinal);
    }
}
