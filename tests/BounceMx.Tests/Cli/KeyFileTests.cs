using System.Diagnostics;
using BounceMx.Cli;
using BounceMx.Hosting;
using BounceMx.Verp;

namespace BounceMx.Tests.Cli;

public sealed class KeyFileTests : IDisposable
{
    private const string Old = "1:00112233445566778899aabbccddeeff";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string FilePath => Path.Combine(_folder.Path, "keys.txt");

    [Fact]
    public void A_new_file_holds_the_key_and_its_owner_alone_can_read_it()
    {
        VerpKey key = VerpKey.Generate('7');

        KeyFile.Create(FilePath, key);

        File.ReadAllText(FilePath).ShouldBe(key.ToKeyFileLine() + "\n");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_file_that_is_there_is_not_overwritten()
    {
        _folder.Write("keys.txt", Old);

        Should.Throw<UsageException>(() => KeyFile.Create(FilePath, VerpKey.Generate('2'))).Message.ShouldContain("--rotate");

        File.ReadAllText(FilePath).ShouldBe(Old);
    }

    [Fact]
    public void Rotation_puts_a_new_key_first_and_keeps_all_else()
    {
        string text = $"# since May\n{Old}\n";
        _folder.Write("keys.txt", text);

        IReadOnlyList<VerpKey> keys = KeyFile.Rotate(FilePath, id: null);

        keys.Select(key => key.Id).ShouldBe(['2', '1']);
        File.ReadAllText(FilePath).ShouldBe($"{keys[0].ToKeyFileLine()}\n{text}");
    }

    [Fact]
    public void Rotation_keeps_the_mode_of_the_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        _folder.Write("keys.txt", Old);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        KeyFile.Rotate(FilePath, id: null);

        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    [Fact]
    public void Rotation_keeps_owner_and_group_of_the_file()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return; // Only root can give a file away.
        _folder.Write("keys.txt", Old);
        Run("chown", "12345:12346", FilePath);

        KeyFile.Rotate(FilePath, id: null);

        Run("stat", "--format=%u:%g", FilePath).ShouldBe("12345:12346\n");
    }

    [Fact]
    public void Rotation_puts_a_whole_file_in_the_place_of_the_old_one()
    {
        if (OperatingSystem.IsWindows())
            return; // What is open cannot be replaced there.
        _folder.Write("keys.txt", Old);
        using var reader = new StreamReader(
            new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        );

        KeyFile.Rotate(FilePath, id: null);

        reader.ReadToEnd().ShouldBe(Old);
        Directory.GetFiles(_folder.Path).ShouldBe([FilePath]);
    }

    [Fact]
    public void Rotation_by_way_of_a_link_leaves_the_link()
    {
        if (OperatingSystem.IsWindows())
            return; // Not everybody may make one there.
        string target = _folder.Write("shared/keys.txt", Old);
        File.CreateSymbolicLink(FilePath, target);

        KeyFile.Rotate(FilePath, id: null);

        File.ResolveLinkTarget(FilePath, returnFinalTarget: true)!.FullName.ShouldBe(target);
        File.ReadAllLines(target).Length.ShouldBe(2);
    }

    [Fact]
    public void Rotation_takes_a_byte_order_mark_off()
    {
        _folder.Write("keys.txt", "\uFEFF" + Old);

        KeyFile.Rotate(FilePath, id: null).Count.ShouldBe(2);

        File.ReadAllText(FilePath).ShouldEndWith("\n" + Old);
    }

    [Theory]
    [InlineData(Old, '1', "there is a key 1 already")]
    [InlineData("1:0011", '2', "line 1: the secret has fewer than 16 octets")]
    [InlineData("", '2', "there is no key in it")]
    public void Rotation_that_cannot_be_leaves_the_file_as_it_was(string text, char id, string problem)
    {
        _folder.Write("keys.txt", text);

        Should.Throw<UsageException>(() => KeyFile.Rotate(FilePath, id)).Message.ShouldContain(problem);

        File.ReadAllText(FilePath).ShouldBe(text);
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output;
    }

    [Theory]
    [InlineData("1", '2')]
    [InlineData("9", 'a')]
    [InlineData("v", '0')]
    [InlineData("123", '4')]
    [InlineData("312", '4')]
    public void The_next_id_is_the_first_free_one_behind_that_of_the_signing_key(string taken, char next) =>
        KeyIds.NextFree([.. taken.Select(VerpKey.Generate)]).ShouldBe(next);

    [Fact]
    public void When_all_ids_are_taken_there_is_no_next() =>
        KeyIds.NextFree([.. "0123456789abcdefghijklmnopqrstuv".Select(VerpKey.Generate)]).ShouldBeNull();
}
