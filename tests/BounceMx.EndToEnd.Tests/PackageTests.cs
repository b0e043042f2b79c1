using System.IO.Compression;
using System.Text.RegularExpressions;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>The package BounceMx.Verp, as a stranger gets it: packed, restored from a folder, and used by what its README shows.</summary>
public sealed partial class PackageTests(PackageTests.Package package) : IClassFixture<PackageTests.Package>
{
    [Fact]
    public async Task A_new_program_works_by_the_lines_of_the_README()
    {
        await package.PackAsync();
        package.Folder.Write("app/verp.keys", "1:00112233445566778899aabbccddeeff");
        package.Folder.Write("app/Program.cs", FirstExample().Match(ReadMe()).Groups["code"].Value);
        package.Folder.Write(
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

        await package.DotnetAsync("app", "build", "--source", package.Folder.Path, "-o", "out");
        var output = await package.DotnetAsync("app", "out/app.dll");

        output.ShouldMatch(
            @"^bounces\+user=example\.org\+spring\+1[0-9a-v]{16}@bounces\.example\.com: None, signed: True, user@example\.org$"
        );
    }

    [Fact]
    public async Task It_holds_all_that_its_users_need_and_depends_on_nothing()
    {
        using var archive = ZipFile.OpenRead(await package.PackAsync());
        var names = archive.Entries.Select(entry => entry.FullName).ToArray();
        names.ShouldContain("README.md");
        names.ShouldContain("verp-test-vectors.json");
        names.ShouldContain("lib/net10.0/BounceMx.Verp.dll");
        names.ShouldContain("lib/net10.0/BounceMx.Verp.xml");
        using var nuspec = new StreamReader(archive.GetEntry("BounceMx.Verp.nuspec")!.Open());
        (await nuspec.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<dependency ");
    }

    private static string ReadMe() => File.ReadAllText(Path.Combine(Requires.RepositoryRoot, "src/BounceMx.Verp/README.md"));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FirstExample();

    /// <summary>The package in a folder, packed once of what is built.</summary>
    public sealed class Package : IDisposable
    {
        private Task<string>? _packed;

        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        /// <summary>The path of the package.</summary>
        internal Task<string> PackAsync() => _packed ??= PackOnceAsync();

        /// <summary>Runs dotnet to its end, with a store of packages of its own, and leaves no server behind; what it printed.</summary>
        internal async Task<string> DotnetAsync(string workingDirectory, params string[] arguments)
        {
            Requires.Program("dotnet");
            var environment = new Dictionary<string, string>
            {
                ["NUGET_PACKAGES"] = Folder.File("packages"),
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
                ["UseSharedCompilation"] = "false",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            };
            var (exitCode, process) = await ChildProcess.RunAsync("dotnet", arguments, environment, Folder.File(workingDirectory));
            exitCode.ShouldBe(0, $"{process.StandardOutput}\n{process.StandardError}");
            return process.StandardOutput.ToString();
        }

        private async Task<string> PackOnceAsync()
        {
            // The tests stand in artifacts/bin/BounceMx.EndToEnd.Tests/release.
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            var project = Path.Combine(Requires.RepositoryRoot, "src/BounceMx.Verp");
            await DotnetAsync(project, "pack", "--no-build", "-c", configuration, "-o", Folder.Path);
            return Directory.GetFiles(Folder.Path, "BounceMx.Verp.*.nupkg").ShouldHaveSingleItem();
        }
    }
}
