using System.IO.Compression;
using System.Text.RegularExpressions;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>The package BounceMx.Verp, as a stranger gets it: packed, restored from a folder, and used by what its README shows.</summary>
public sealed partial class PackageTests : IDisposable
{
    private const string Key = "1:00112233445566778899aabbccddeeff";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_program_works_by_the_lines_of_the_README()
    {
        await PackAsync();
        _folder.Write("app/verp.keys", Key);
        _folder.Write("app/Program.cs", FirstExample().Match(Read("README.md")).Groups["code"].Value);
        _folder.Write(
            "app/app.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="BounceMx.Verp" Version="*" />
              </ItemGroup>
            </Project>
            """
        );

        await DotnetAsync(_folder.File("app"), "build", "--source", _folder.Path, "-o", _folder.File("app/out"));
        var output = await DotnetAsync(_folder.File("app"), "out/app.dll");

        output.ShouldMatch(@"^bounces\+user=example\.org\+spring\+1[0-9a-v]{16}@bounces\.example\.com: None, signed: True, user@example\.org$");
    }

    [Fact]
    public async Task It_holds_all_that_its_users_need_and_depends_on_nothing()
    {
        var package = await PackAsync();

        using var archive = ZipFile.OpenRead(package);
        var names = archive.Entries.Select(entry => entry.FullName).ToArray();
        names.ShouldContain("README.md");
        names.ShouldContain("verp-test-vectors.json");
        names.ShouldContain("lib/net10.0/BounceMx.Verp.dll");
        names.ShouldContain("lib/net10.0/BounceMx.Verp.xml");
        using var nuspec = new StreamReader(archive.GetEntry("BounceMx.Verp.nuspec")!.Open());
        (await nuspec.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<dependency ");
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Requires.RepositoryRoot, "src/BounceMx.Verp", name));

    /// <summary>Packs what is built; the path of the package.</summary>
    private async Task<string> PackAsync()
    {
        // The folder of the tests is artifacts/bin/BounceMx.EndToEnd.Tests/release.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        await DotnetAsync(Requires.RepositoryRoot, "pack", "src/BounceMx.Verp", "--no-build", "-c", configuration, "-o", _folder.Path);
        return Directory.GetFiles(_folder.Path, "BounceMx.Verp.*.nupkg").ShouldHaveSingleItem();
    }

    /// <summary>Runs dotnet to its end, with packages of its own, and leaves no server behind; what it printed.</summary>
    private async Task<string> DotnetAsync(string workingDirectory, params string[] arguments)
    {
        Requires.Program("dotnet");
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = _folder.File("packages"),
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
        };
        var (exitCode, process) = await ChildProcess.RunAsync("dotnet", arguments, environment, workingDirectory);
        exitCode.ShouldBe(0, $"{process.StandardOutput}\n{process.StandardError}");
        return process.StandardOutput.ToString();
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FirstExample();
}
