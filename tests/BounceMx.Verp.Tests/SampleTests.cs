using System.Diagnostics;
using System.Text;
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
            recipient, domain, tags = case.pop("recipient").replace("\ue000", "\udcff"), case.pop("bounce_domain"), case.pop("tags")
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
            console.log(verp(recipient.replace("\ue000", "\ud800"), bounce_domain, rest));
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
                echo verp(str_replace("\u{e000}", "\xff", $case->recipient), $case->bounce_domain, $case->tags, $case->key, $case->prefix, $case->hide, $case->day), "\n";
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
            $case->{recipient} =~ s/\xee\x80\x80/\xff/;
            my $address = eval { verp($case->{recipient}, $case->{bounce_domain}, %$case) };
            die $@ if !defined $address && $@ !~ /^no envelope sender/;
            print $address // 'refused', "\n";
        }
        """;

    // Stands for what is not UTF-8: an octet 255, or half a surrogate pair.
    private const string NotUtf8 = "\uE000";
    private const string Key = "1:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    // What the vectors do not have, and BounceMx would not read again, or as another recipient.
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
        "user@i\u2764.test",
        "user@a\u3002test",
        "user@a\u00ADb.test",
        "user@\u24D0.test",
        "user@\u01C5.test",
        "user@a\u20DD.test",
    ];

    // Those with a special or a space, but without quotes, are for lists, or a typing error.
    private static readonly string[] Unquoted =
    [
        "x@y.test, z@w.test",
        "a@b@example.test",
        "a b@example.test",
        " user@example.test",
        .. "\"(),:;<>[\\]".Select(special => $"a{special}b@example.test"),
    ];

    // One that signs is not the second: an old key, when the new one has been mistyped.
    private static readonly string[] NoKeys =
    [
        "1:zz",
        "1:00112233445566778899aabbccddee",
        "1:00112233445566778899aabbccddeeff0",
        "w:00112233445566778899aabbccddeeff",
        "00112233445566778899aabbccddeeff",
        $"1:zz\n{Key}",
        $"x {Key}",
        "# no key\n",
    ];

    private static readonly string[] KeyTexts = [Key, Key.ToUpperInvariant(), $"# ours\r\n \n  {Key} \r\n0:zz\n"];

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
        string[] expected = [.. mintable.Select(vector => Expected(file, vector)), .. refused.Select(_ => "refused")];

        string[] found = await RunAsync(file, [.. mintable.Concat(refused).Select(Case)]);

        found.Length.ShouldBe(notes.Length);
        notes.Zip(found).ShouldBe(notes.Zip(expected));
        expected.Length.ShouldBeGreaterThan(50);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Refuses_specials_without_quotes(string file) =>
        (await RunAsync(file, [.. Unquoted.Select(recipient => Case(Refusal(recipient)))])).ShouldBe(Unquoted.Select(_ => "refused"));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Refuses_what_is_not_UTF_8(string file) =>
        (await RunAsync(file, [Case(Refusal($"j{NotUtf8}rg@example.test"))])).ShouldBe(["refused"]);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Refuses_a_tag_with_a_line_break(string file) =>
        (await RunAsync(file, [With("tags", new JsonArray("spring\nBcc: x@y.test")), With("tags", new JsonArray("spring\n"))])).ShouldBe([
            "refused",
            "refused",
        ]);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Refuses_a_key_that_is_none(string file) =>
        (await RunAsync(file, [.. NoKeys.Select(key => With("key", key))])).ShouldBe(NoKeys.Select(_ => "refused"));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_first_key_of_a_key_file_signs(string file) =>
        (await RunAsync(file, [.. KeyTexts.Select(key => With("key", key))])).ShouldBe(
            KeyTexts.Select(_ => "bounces+user=example.org+1k12nchnmke9un9oq@bounces.example.com")
        );

    [Fact]
    public async Task The_shell_mints_nothing_when_openssl_fails()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string openssl = Path.Combine(folder.FullName, "openssl");
            await File.WriteAllTextAsync(openssl, "#!/bin/sh\nexit 1\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(openssl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            JsonObject signed = With("key", Key);
            signed["path"] = folder.FullName;

            (await RunAsync("verp.sh", [signed])).ShouldBe(["refused"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

    private static Task<string[]> RunAsync(string file, JsonObject[] cases) =>
        Array.Find(Samples, sample => sample.File == file)!.RunAsync(cases);

    // The shell knows no letters but those of ASCII, so it refuses all other domains.
    private static string Expected(string file, JsonObject vector)
    {
        string domains = (string)vector["recipient"]! + (string)vector["bounce_domain"]!;
        return file == "verp.sh" && !Ascii.IsValid(domains.AsSpan(domains.IndexOf('@', StringComparison.Ordinal)))
            ? "refused"
            : (string)vector["address"]!;
    }

    /// <summary>A case that is minted but for one value.</summary>
    private static JsonObject With(string name, JsonNode value)
    {
        JsonObject common = Case(Refusal("user@example.org"));
        common["bounce_domain"] = "bounces.example.com";
        common[name] = value;
        return common;
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

    private static string ShellLine(string samples, JsonObject c)
    {
        string[] arguments = [(string)c["recipient"]!, (string)c["bounce_domain"]!, .. c["tags"]!.AsArray().Select(tag => (string)tag!)];
        string hide = (bool)c["hide"]! ? " VERP_HIDE=1" : "";
        string path = (string?)c["path"] is { } folder ? $"PATH={Quote(folder)}:$PATH " : "";
        return $"{path}VERP_KEY={Quote((string)c["key"]!)} VERP_PREFIX={c["prefix"]} VERP_DAY={c["day"]}{hide} sh {Quote(samples)}/verp.sh {string.Join(' ', arguments.Select(Quote))} 2>/dev/null || echo refused";
    }

    private static string Quote(string text) =>
        $"'{text.Replace("'", "'\\''", StringComparison.Ordinal).Replace(NotUtf8, "'$(printf '\\377')'", StringComparison.Ordinal)}'";

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
            await GiveAsync(process.StandardInput, JsonSerializer.Serialize(cases));
            string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.ExitCode.ShouldBe(0, await error);
            return lines;
        }

        private static async Task GiveAsync(StreamWriter input, string text)
        {
            try
            {
                await using (input)
                    await input.WriteAsync(text);
            }
            catch (IOException)
            {
                // The shell has its cases as arguments, and may be done before it is written to.
            }
        }

        private static bool IsInstalled(string program) =>
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => System.IO.File.Exists(Path.Combine(folder, program)));
    }
}
