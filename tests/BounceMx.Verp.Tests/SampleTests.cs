using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BounceMx.Verp.Tests;

/// <summary>
/// The files of <c>docs/verp</c>, for senders in other languages, run over the vectors. A language that is not installed is skipped; Python, Node.js
/// and the shell are where <c>tests/run</c> is.
/// </summary>
public sealed partial class SampleTests
{
    private const string Python = """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        from verp import verp
        for case in json.load(sys.stdin):
            recipient, domain, tags = case.pop("recipient"), case.pop("bounce_domain"), case.pop("tags")
            try:
                print(verp(recipient, domain, tags, **case))
            except ValueError:
                print("refused")
        """;

    private const string Node = """
        import { readFileSync } from "node:fs";
        const { verp } = await import(process.argv[1] + "/verp.mjs");
        for (const { recipient, bounce_domain, ...rest } of JSON.parse(readFileSync(0))) {
          try {
            console.log(verp(recipient, bounce_domain, rest));
          } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            console.log("refused");
          }
        }
        """;

    private const string Php = """
        require $argv[1] . '/verp.php';
        foreach (json_decode(stream_get_contents(STDIN)) as $case) {
            try {
                echo verp($case->recipient, $case->bounce_domain, $case->tags, $case->key, $case->prefix, $case->hide, $case->day), "\n";
            } catch (InvalidArgumentException) {
                echo "refused\n";
            }
        }
        """;

    private const string Perl = """
        use strict;
        use warnings;
        use JSON::PP;
        require "$ARGV[0]/verp.pl";
        for my $case (@{ decode_json(join '', <STDIN>) }) {
            utf8::encode($_) for $case->{recipient}, $case->{bounce_domain};
            my $address = eval { verp($case->{recipient}, $case->{bounce_domain}, %$case) };
            die $@ if !defined $address && $@ !~ /^no envelope sender/;
            print $address // 'refused', "\n";
        }
        """;

    // What the vectors do not have, and BounceMx would not read again.
    private static readonly string[] AlsoRefused =
    [
        "user@-a.test",
        "user@a-.test",
        "user@a_b.test",
        "user@a.test.",
        $"user@{new string('a', 64)}.test",
        "us\u007Fer@example.test",
        "us\u0085er@example.test",
        "user@example.test\n",
        "\"a\"b\"@example.test",
    ];

    private static readonly string Root = FindRoot();

    private static readonly Sample[] Samples =
    [
        new("verp.py", "python3", (folder, _) => ["-B", "-c", Python, folder]),
        new("verp.mjs", "node", (folder, _) => ["--input-type=module", "-e", Node, folder]),
        new("verp.php", "php", (folder, _) => ["-r", Php, "--", folder]),
        new("verp.pl", "perl", (folder, _) => ["-e", Perl, folder]),
        new("verp.sh", "sh", (folder, cases) => ["-c", string.Join('\n', cases.Select(c => ShellLine(folder, c)))], "openssl", "base32"),
    ];

    public static TheoryData<string> Files => [.. Samples.Select(sample => sample.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Mints_and_refuses_as_the_vectors_say(string file)
    {
        JsonObject vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "src/BounceMx.Verp/verp-test-vectors.json")))!.AsObject();
        // The samples know the delimiters of the default only.
        JsonObject[] mintable = [.. Vectors(vectors, "encode").Where(vector => (string?)vector["delimiters"] is "+=")];
        JsonObject[] refused = [.. Vectors(vectors, "encode_faults"), .. AlsoRefused.Select(Refusal)];
        string[] notes = [.. mintable.Concat(refused).Select(vector => (string)vector["note"]!)];
        string[] expected = [.. mintable.Select(vector => (string)vector["address"]!), .. refused.Select(_ => "refused")];

        string[] found = await Array.Find(Samples, sample => sample.File == file)!.RunAsync([.. mintable.Concat(refused).Select(Case)]);

        notes.Zip(found).ShouldBe(notes.Zip(expected));
        expected.Length.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void What_the_samples_refuse_besides_the_package_refuses_too() =>
        AlsoRefused
            .Select(recipient => new VerpCodec(new VerpOptions()).Encode(recipient, "b.test").Fault)
            .ShouldNotContain(EncodingFault.None);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_page_shows_the_file_as_it_is(string file) =>
        File.ReadAllText(Path.Combine(Root, "docs/verp.md"))
            .ShouldContain($"\n{File.ReadAllText(Path.Combine(Root, "docs/verp", file))}```\n");

    [Fact]
    public void Every_signed_address_on_the_page_verifies()
    {
        var codec = new VerpCodec(
            new VerpOptions
            {
                Keys = [new('1', Convert.FromHexString("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))],
            },
            new ManualTime("2026-03-02T12:00:00Z")
        );
        MatchCollection addresses = SignedAddress().Matches(File.ReadAllText(Path.Combine(Root, "docs/verp.md")));

        addresses.Count.ShouldBeGreaterThan(1);
        foreach (Match address in addresses)
            codec.Decode(address.Groups["local"].Value, address.Groups["domain"].Value).IsSigned.ShouldBeTrue(address.Value);
    }

    private static IEnumerable<JsonObject> Vectors(JsonObject vectors, string part) =>
        vectors[part]!.AsArray().Select(vector => vector!.AsObject());

    private static JsonObject Refusal(string recipient) =>
        new()
        {
            ["note"] = recipient,
            ["recipient"] = recipient,
            ["bounce_domain"] = "b.test",
            ["tags"] = new JsonArray(),
            ["keys"] = new JsonArray(),
        };

    /// <summary>What all drivers get: the values of a vector, with defaults for those that it lacks.</summary>
    private static JsonObject Case(JsonObject vector) =>
        new()
        {
            ["recipient"] = (string)vector["recipient"]!,
            ["bounce_domain"] = (string)vector["bounce_domain"]!,
            ["tags"] = vector["tags"]!.DeepClone(),
            ["key"] = (string?)vector["keys"]!.AsArray().FirstOrDefault() ?? "",
            ["prefix"] = (string?)vector["prefix"] ?? "bounces",
            ["hide"] = (bool?)vector["hide"] ?? false,
            ["day"] = (int?)vector["day"] ?? 20514,
        };

    private static string ShellLine(string folder, JsonObject c)
    {
        string[] arguments = [(string)c["recipient"]!, (string)c["bounce_domain"]!, .. c["tags"]!.AsArray().Select(tag => (string)tag!)];
        string hide = (bool)c["hide"]! ? " VERP_HIDE=1" : "";
        return $"VERP_KEY={c["key"]} VERP_PREFIX={c["prefix"]} VERP_DAY={c["day"]}{hide} sh {Quote(folder)}/verp.sh {string.Join(' ', arguments.Select(Quote))} 2>/dev/null || echo refused";
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("BounceMx.sln");
    }

    [GeneratedRegex(@"(?<local>bounces\+[^\s@]*\+1k12[0-9a-v]{13})@(?<domain>bounces\.example\.com)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SignedAddress();

    /// <summary>A file, and the program that runs it over cases: it prints a line for each, the address or <c>refused</c>.</summary>
    private sealed record Sample(
        string File,
        string Program,
        Func<string, JsonObject[], IEnumerable<string>> Arguments,
        params string[] Helpers
    )
    {
        public async Task<string[]> RunAsync(JsonObject[] cases)
        {
            foreach (string program in Helpers.Prepend(Program))
                Assert.SkipUnless(IsInstalled(program), $"{program} is not installed");
            using var process = new Process
            {
                StartInfo = new ProcessStartInfo(Program, Arguments(Path.Combine(Root, "docs/verp"), cases))
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                },
            };
            process.Start();
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(cases));
            process.StandardInput.Close();
            string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.ExitCode.ShouldBe(0, await error);
            return lines;
        }

        private static bool IsInstalled(string program) =>
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => System.IO.File.Exists(Path.Combine(folder, program)));
    }
}
