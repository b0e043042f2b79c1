using System.Text;
using BounceMx.Cli;

namespace BounceMx.Tests.Cli;

public sealed class MessageSourceTests : IDisposable
{
    private const string From = "From MAILER-DAEMON Sun Nov 22 09:14:05 2026\n";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _faults = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bounce.eml")]
    [InlineData("1700000000.M1P2.host:2,S")]
    [InlineData("bounce")]
    public void A_file_of_any_name_is_a_message(string name)
    {
        string path = _folder.Write(name, "Subject: a\n\nb\n");
        Read(path).ShouldBe([(path, "Subject: a\n\nb\n")]);
    }

    [Fact]
    public void The_messages_of_an_mbox_are_numbered()
    {
        string path = _folder.Write("inbox", From + "Subject: a\n\n" + From + "Subject: b\n\n");
        Read(path).ShouldBe([(path + "#1", From + "Subject: a\n\n"), (path + "#2", From + "Subject: b\n\n")]);
    }

    [Fact]
    public void The_only_message_of_an_mbox_has_the_name_of_the_file()
    {
        string path = _folder.Write("inbox", From + "Subject: a\n\n");
        Read(path).Select(message => message.Name).ShouldBe([path]);
    }

    [Fact]
    public void An_eml_file_is_one_message_whatever_it_begins_with()
    {
        string path = _folder.Write("a.EML", From + "Subject: a\n\n" + From + "Subject: b\n\n");
        Read(path).Select(message => message.Name).ShouldBe([path]);
    }

    [Fact]
    public void A_folder_stands_for_every_file_below_it_in_the_order_of_their_names()
    {
        string[] files =
        [
            _folder.Write("maildir/cur/2:2,S", "2"),
            _folder.Write("maildir/new/1", "1"),
            _folder.Write("maildir/new/B", "3"),
            _folder.Write("maildir/new/a", "4"),
        ];
        Read(Path.Combine(_folder.Path, "maildir")).ShouldBe([(files[0], "2"), (files[1], "1"), (files[2], "3"), (files[3], "4")]);
    }

    [Fact]
    public void A_Maildir_stands_for_its_messages_and_those_of_its_folders()
    {
        string[] files =
        [
            _folder.Write("maildir/.Sent/cur/3", "3"),
            _folder.Write("maildir/cur/1", "1"),
            _folder.Write("maildir/new/2", "2"),
        ];
        Directory.CreateDirectory(Path.Combine(_folder.Path, "maildir/.Sent/new"));
        _folder.Write("maildir/dovecot-uidlist", "3 V1700000000 N4");
        _folder.Write("maildir/tmp/4", "half a mess");
        Read(Path.Combine(_folder.Path, "maildir")).ShouldBe([(files[0], "3"), (files[1], "1"), (files[2], "2")]);
    }

    [Fact]
    public void A_folder_that_is_called_tmp_is_none_of_a_Maildir_by_that_alone()
    {
        string file = _folder.Write("mail/tmp/1", "1");
        Read(Path.Combine(_folder.Path, "mail")).ShouldBe([(file, "1")]);
    }

    [Fact]
    public void What_there_is_to_read_is_measured_in_octets()
    {
        _folder.Write("mail/a", "12345");
        string file = _folder.Write("mail/deeper/b", "123");
        MessageSource.Measure([Path.Combine(_folder.Path, "mail"), file, "-", "/nowhere"]).ShouldBe(11);
    }

    [Fact]
    public void An_empty_folder_has_no_messages_and_no_faults()
    {
        Read(_folder.Path).ShouldBeEmpty();
        _faults.ShouldBeEmpty();
    }

    [Fact]
    public void An_empty_file_is_an_empty_message() => Read(_folder.Write("empty", "")).ShouldHaveSingleItem().Content.ShouldBe("");

    [Fact]
    public void What_is_not_there_is_told_with_its_path()
    {
        var source = new MessageSource(_faults.Add);
        source.Read(Path.Combine(_folder.Path, "nothing")).ShouldBeEmpty();
        source.HasFaults.ShouldBeTrue();
        _faults.ShouldHaveSingleItem().ShouldStartWith(Path.Combine(_folder.Path, "nothing"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_holds_up_no_other()
    {
        _folder.Write("mail/a", "1");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "mail/b"), Path.Combine(_folder.Path, "gone"));
        _folder.Write("mail/c", "3");
        Read(Path.Combine(_folder.Path, "mail")).Select(message => message.Content).ShouldBe(["1", "3"]);
        _faults.ShouldHaveSingleItem().ShouldContain("mail/b");
    }

    private List<(string Name, string Content)> Read(string path) =>
        [.. new MessageSource(_faults.Add).Read(path).Select(message => (message.Name, Encoding.UTF8.GetString(message.Raw.Span)))];
}
