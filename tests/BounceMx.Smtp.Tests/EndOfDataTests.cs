using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests;

/// <summary>
/// Sequences that some server takes for the end of a message. Behind each stands a second message in SMTP: whoever ends the first there
/// lets it be smuggled in (RFC 5321 section 4.1.1.4). Each is sent whole, and in two pieces, cut at every place.
/// </summary>
public sealed class EndOfDataTests
{
    private const string Inner = "MAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\nDATA\r\n";
    private const string InnerText = "Subject: inner\r\n\r\nsecond\r\n.\r\n";

    public static TheoryData<string> Ends => ["\r\n.\r\n", "\r\r\n.\r\n"];

    public static TheoryData<string> Content =>
        [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r",
            "\r.\n",
            "\n.\r",
            "\r.\r\n",
            "\r\n.\r",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\r\n. \r\n",
            "\r\n..\r\n",
            "\n\n.\r\n",
            "\r\n.\n\r\n",
            "\r\n\x0b.\r\n",
            "\r\n.\x0c\r\n",
            "\xc2\x85.\xc2\x85",
            "\xe2\x80\xa8.\xe2\x80\xa8",
            "\r\n.\x8d\x8a",
            "\r\n..\n",
        ];

    [Theory]
    [MemberData(nameof(Content))]
    public void Does_not_end_a_message(string sequence)
    {
        string sent = $"first{sequence}{Inner}{InnerText}";
        for (int cut = 0; cut < sent.Length; cut++)
        {
            using MemoryClient client = new MemoryClient().UpToData();
            (client.Send(sent[..cut]) + client.Send(sent[cut..])).ShouldBe("250 2.0.0 Ok\r\n", $"cut at {cut}");
            client.Handler.Messages.Count.ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Ends_a_message(string sequence)
    {
        string sent = $"first{sequence}{Inner}";
        for (int cut = 0; cut <= sent.Length; cut++)
        {
            using MemoryClient client = new MemoryClient().UpToData();
            string replies = client.Send(sent[..cut]) + client.Send(sent[cut..]) + client.Send(InnerText);
            replies.Split("\r\n").Select(line => line.Split(' ')[0]).ShouldBe(["250", "250", "250", "354", "250", ""], $"cut at {cut}");
            client.Handler.Texts.ShouldBe([$"first{sequence[..^3]}", "Subject: inner\r\n\r\nsecond\r\n"]);
        }
    }

    [Theory]
    [MemberData(nameof(Content))]
    public void Refused_bare_line_ends_are_refused_at_the_true_end(string sequence)
    {
        using MemoryClient client = new MemoryClient(new SmtpServerOptions { RefuseBareLineEnds = true }).UpToData();
        string reply = client.Send($"first{sequence}{Inner}{InnerText}");
        string rest = sequence.Replace("\r\n", "", StringComparison.Ordinal) + "|";
        // A CR before "MAIL" is bare, too.
        reply.ShouldBe(rest.AsSpan().ContainsAny('\r', '\n') ? "550 5.5.2 Bare CR or LF in the message\r\n" : "250 2.0.0 Ok\r\n");
        client.Send("MAIL FROM:<>\r\n").ShouldStartWith("250 2.1.0 ");
    }

    [Fact]
    public void Bare_line_ends_are_marked_for_the_handler()
    {
        using MemoryClient client = new MemoryClient().UpToData();
        client.Send("a\nb\r\n.\r\n").ShouldStartWith("250 ");
        client.Handler.Messages.ShouldHaveSingleItem().Transaction.HasBareLineEnds.ShouldBeTrue();
    }
}
