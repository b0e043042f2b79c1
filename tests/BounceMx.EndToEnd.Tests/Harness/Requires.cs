namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Skips a test, saying why, where the machine lacks what it needs.</summary>
internal static class Requires
{
    /// <summary>The folder of BounceMx.sln.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static void Program(string name) =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, name))),
            $"{name} is not installed"
        );

    /// <summary>Something that <c>tests/install-senders</c> fetches, such as <c>postfix/usr/sbin/smtp-source</c>; its path.</summary>
    public static string Sender(string name)
    {
        var path = Path.Combine(RepositoryRoot, "artifacts/senders", name);
        Assert.SkipUnless(Path.Exists(path), $"artifacts/senders/{name} is not here; tests/install-senders fetches it");
        return path;
    }

    /// <summary>That a process may have mounts and processes of its own, and the users that it switches to.</summary>
    public static async Task PrivateMountsAsync()
    {
        Program("unshare");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "MTAs switch users, which needs root");
        var (exitCode, unshare) = await ChildProcess.RunAsync(
            "unshare",
            ["--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/srv"]
        );
        Assert.SkipUnless(exitCode == 0, $"no mount is allowed here: {unshare.StandardError}");
    }

    /// <summary>A file or folder beside the repository, such as <c>smtp/end_of_data.py</c>; its path.</summary>
    public static string Shared(string name)
    {
        var path = Path.GetFullPath(Path.Combine(RepositoryRoot, "../shared", name));
        Assert.SkipUnless(Path.Exists(path), $"../shared/{name} is not here");
        return path;
    }

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("BounceMx.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
