using System.Diagnostics;
using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using FsCheck;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>Bombs: each is far beyond a limit, ends, and says that it was cut short.</summary>
public sealed class HostileInputTests
{
    private const string DsnHead = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; bomb.test\n\n";

    [Fact]
    public void Stops_at_the_depth_limit_in_100_000_nested_multiparts()
    {
        var bomb = new StringBuilder();
        for (int i = 0; i < 100_000; i++)
            bomb.Append("Content-Type: multipart/mixed; boundary=b").Append(i).Append("\n\n--b").Append(i).Append('\n');

        MimePart root = MimeReader.Read(Encoding.ASCII.GetBytes(bomb.ToString()));

        root.ParseLimited.ShouldBeTrue();
        root.All.Max(part => part.Depth).ShouldBe(MimeLimits.Default.Depth);
    }

    [Fact]
    public void Stops_at_the_depth_limit_in_100_000_nested_messages()
    {
        var bomb = new StringBuilder();
        for (int i = 0; i < 100_000; i++)
            bomb.Append("Content-Type: message/rfc822\n\n");

        MimePart root = MimeReader.Read(Encoding.ASCII.GetBytes(bomb.ToString()));

        root.ParseLimited.ShouldBeTrue();
        root.All.Count.ShouldBe(MimeLimits.Default.Depth + 1);
    }

    [Fact]
    public void Stops_at_the_part_limit_in_a_flat_multipart_of_100_000_parts()
    {
        byte[] bomb = Repeat("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 100_000);

        MimePart root = MimeReader.Read(bomb);

        root.ParseLimited.ShouldBeTrue();
        root.All.Count.ShouldBe(MimeLimits.Default.Parts);
    }

    [Fact]
    public void Keeps_the_first_4_096_of_a_million_header_fields_and_finds_the_body()
    {
        byte[] bomb = [.. Repeat("Subject: first\n", "X: y\n", 1_000_000), .. "\nbody"u8];

        MimePart root = MimeReader.Read(bomb);

        root.ParseLimited.ShouldBeTrue();
        root.Headers.Count.ShouldBe(MimeLimits.Default.HeaderFields);
        root.Body.Length.ShouldBe(4);
    }

    [Theory]
    [InlineData(1024 * 1024, false)]
    [InlineData((1024 * 1024) + 1, true)]
    public void Reads_a_megabyte_of_header_and_not_an_octet_more(int octets, bool limited)
    {
        byte[] raw = Encoding.ASCII.GetBytes("S: " + new string('x', octets - 3) + "\n\nbody");

        MimeReader.Read(raw).ParseLimited.ShouldBe(limited);
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    [InlineData(300_000, true)]
    public void Reads_a_thousand_recipients_and_not_one_more(int count, bool limited)
    {
        var bomb = new StringBuilder(DsnHead);
        for (int i = 0; i < count; i++)
            bomb.Append("Final-Recipient: rfc822; u").Append(i).Append("@bomb.test\nAction: failed\nStatus: 5.1.1\n\n");

        DeliveryReport report = ReportReader.Read(MimeReader.Read(Encoding.ASCII.GetBytes(bomb.ToString())));

        report.ParseLimited.ShouldBe(limited);
        report.Recipients.Count.ShouldBe(1000);
    }

    [Fact]
    public void Finds_a_thousand_recipients_in_prose_that_names_more()
    {
        var bomb = new StringBuilder("From: MAILER-DAEMON@bomb.test\nSubject: failure notice\n\nCould not be delivered to:\n");
        for (int i = 0; i < 3000; i++)
            bomb.Append('<').Append(i).Append("@b.test>\n");

        DeliveryReport report = ReportReader.Read(MimeReader.Read(Encoding.ASCII.GetBytes(bomb.ToString())));

        report.ParseLimited.ShouldBeTrue();
        report.Recipients.Count.ShouldBe(1000);
    }

    [Fact]
    public void Decodes_endless_quoted_printable_to_no_more_than_it_was()
    {
        byte[] bomb = Repeat("Content-Transfer-Encoding: quoted-printable\n\n", "=\n=  ==3", 500_000);

        MimeReader.Read(bomb).Content.Length.ShouldBeLessThan(bomb.Length);
    }

    [Fact]
    public void Tells_boundaries_apart_that_are_prefixes_of_each_other()
    {
        var raw = new StringBuilder("Content-Type: multipart/mixed; boundary=\"a\"\n\n");
        for (int i = 2; i <= 20; i++)
            raw.Append("--").Append('a', i - 1).Append("\nContent-Type: multipart/mixed; boundary=").Append('a', i).Append("\n\n");
        raw.Append("--").Append('a', 20).Append("\n\ninnermost\n");
        for (int i = 20; i >= 1; i--)
            raw.Append("--").Append('a', i).Append("--\n");

        MimePart root = MimeReader.Read(Encoding.ASCII.GetBytes(raw.ToString()));

        root.All.Count.ShouldBe(21);
        Encoding.ASCII.GetString(root.All[^1].Body.Span).ShouldBe("innermost");
    }

    [Fact]
    public void Cuts_the_diagnostic_at_a_kibibyte()
    {
        string raw =
            DsnHead + "Final-Recipient: rfc822; a@b.test\nAction: failed\nDiagnostic-Code: smtp; 550 " + new string('ä', 2000) + "\n";

        string? diagnostic = ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(raw))).Recipients[0].Diagnostic;

        Encoding.UTF8.GetByteCount(diagnostic!).ShouldBeInRange(1020, 1024);
    }

    [Fact]
    public void Looks_for_a_status_before_three_digits_in_no_more_than_a_few_octets()
    {
        byte[] digits = Repeat("", "!444", 256 * 1024);
        var time = Stopwatch.StartNew();

        ReplyText.TryFind(digits, out _, out _).ShouldBeFalse();

        time.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Lets_no_control_character_into_a_record()
    {
        string raw =
            DsnHead
            + "Final-Recipient: rfc822; a\u0007@b.test\nAction: failed\nDiagnostic-Code: smtp; 550 \u001b[31mred\u202eder\u0085\u0000\n";

        RecipientStatus recipient = ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(raw))).Recipients[0];

        recipient.Recipient.ShouldBe("a@b.test");
        recipient.Diagnostic.ShouldBe("550 [31mredder");
    }

    [Fact]
    public void Never_throws_on_any_octets()
    {
        Prop.ForAll<byte[]>(raw => ReportReader.Read(MimeReader.Read(raw)) is not null).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Never_throws_on_mutated_samples()
    {
        byte[][] samples = [.. TestFolders.SampleFiles().Select(File.ReadAllBytes)];
        Gen<byte[]> mutated =
            from sample in Gen.Elements(samples)
            from places in Gen.Choose(0, sample.Length - 1).ListOf(8)
            from octets in Gen.Elements<byte>(
                    0,
                    (byte)'\n',
                    (byte)'\r',
                    (byte)' ',
                    (byte)':',
                    (byte)';',
                    (byte)'=',
                    (byte)'?',
                    (byte)'<',
                    (byte)'-',
                    0x1B,
                    0xFF
                )
                .ListOf(8)
            from cut in Gen.Choose(0, sample.Length)
            from truncate in Gen.Elements(true, false)
            select Mutate(sample, places, octets, truncate ? cut : sample.Length);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(mutated.ToArbitrary(), raw => ReportReader.Read(MimeReader.Read(raw)) is not null)
        );
    }

    [Fact]
    public void Never_throws_on_any_prefix_of_a_sample()
    {
        foreach (byte[] sample in TestFolders.SampleFiles().Select(File.ReadAllBytes))
        {
            for (int length = 0; length < sample.Length; length += 7)
                ReportReader.Read(MimeReader.Read(sample.AsMemory(0, length))).ShouldNotBeNull();
        }
    }

    private static byte[] Mutate(byte[] sample, IEnumerable<int> places, IEnumerable<byte> octets, int length)
    {
        byte[] mutated = [.. sample];
        foreach ((int place, byte octet) in places.Zip(octets))
            mutated[place] = octet;
        return mutated[..length];
    }

    private static byte[] Repeat(string head, string piece, int times)
    {
        var text = new StringBuilder(head, head.Length + (piece.Length * times));
        for (int i = 0; i < times; i++)
            text.Append(piece);
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
