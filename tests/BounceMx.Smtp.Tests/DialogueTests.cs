using BounceMx.Smtp.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Smtp.Tests;

/// <summary>A dialogue of everything, cut in every way: what the server says must not depend on how octets arrive.</summary>
public sealed class DialogueTests
{
    // Each part is sent when the answer to the one before is there: a client waits for the 354, and for nothing else.
    private static readonly string[] Parts =
    [
        "EHLO client.test\r\nnoop\r\nMAIL FROM:<> SIZE=30 BODY=8BITMIME\r\nRCPT TO:<\"bounces+a b\"@bounces.test>\r\n"
            + "RCPT TO:<x@elsewhere.test>\r\nDATA\r\n",
        "Subject: one\r\n\r\n..dot\r\n.a\r\rb\nc\r\n.\r\nMAIL FROM:<@r.test:u@d.test> SMTPUTF8\r\nRCPT TO:<\xc3\xa9@bounces.test>\r\n"
            + "XYZZY\r\nVRFY x\r\nMAIL FROM:<>\r\nRSET\r\nDATA\r\nMAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n",
        ".\r\nHELP\r\nRCPT TO:<>\r\nQUIT\r\n",
    ];

    private static readonly int Length = Parts.Sum(part => part.Length);

    [Fact]
    public void The_transcript_is_the_same_wherever_the_input_is_cut()
    {
        (string expected, string[] messages) = Play();
        expected.ShouldEndWith("221 2.0.0 Bye\r\n");
        messages.ShouldBe(["Subject: one\r\n\r\n.dot\r\na\r\rb\nc\r\n", ""]);
        for (int cut = 1; cut < Length; cut++)
        {
            (string transcript, string[] texts) = Play(cut);
            transcript.ShouldBe(expected, $"cut at {cut}");
            texts.ShouldBe(messages);
        }
    }

    [Fact]
    public void The_transcript_is_the_same_octet_by_octet() =>
        Play([.. Enumerable.Range(0, Length)]).Transcript.ShouldBe(Play().Transcript);

    [Fact]
    public void The_transcript_is_the_same_for_any_set_of_cuts()
    {
        string expected = Play().Transcript;
        Prop.ForAll(Gen.Choose(0, Length).ArrayOf().ToArbitrary(), cuts => Play(cuts).Transcript == expected).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_peer_may_hang_up_anywhere()
    {
        string expected = Play().Transcript;
        for (int length = 0; length < Length; length++)
        {
            using var client = new MemoryClient();
            int left = length;
            foreach (string part in Parts)
            {
                client.Send(part[..Math.Min(left, part.Length)]);
                left -= Math.Min(left, part.Length);
            }
            client.HangUp();
            expected.ShouldStartWith(client.Transcript, customMessage: $"hung up at {length}");
            (await client.Running).ShouldBe(ConnectionEnd.HungUp, $"hung up at {length}");
        }
    }

    [Fact]
    public void Arbitrary_octets_never_throw()
    {
        Prop.ForAll(
                Fragments().ToArbitrary(),
                input =>
                {
                    using var client = new MemoryClient();
                    client.Send(input);
                    client.HangUp();
                    client.Time.Advance(TimeSpan.FromHours(1));
                    return client.Running.IsCompletedSuccessfully;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Arbitrary_octets_never_make_two_messages_of_one_DATA()
    {
        Prop.ForAll(
                Fragments().ToArbitrary(),
                input =>
                {
                    using MemoryClient client = new MemoryClient().UpToData();
                    client.Send(input);
                    client.Send("\r\n.\r\n");
                    int invitations = client.Transcript.Split("\r\n").Count(line => line.StartsWith("354", StringComparison.Ordinal));
                    return client.Handler.Messages.Count <= invitations;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    // Octets that mean something, in an order that does not.
    private static Gen<string> Fragments()
    {
        string[] words =
        [
            "EHLO a\r\n",
            "MAIL FROM:<>",
            "RCPT TO:<a@bounces.test>\r\n",
            "DATA\r\n",
            "RSET",
            "QUIT\r\n",
            "\r\n",
            "\r\n.\r\n",
            "\r",
            "\n",
            ".",
            "\0",
            "<",
            ">",
            "\"",
            "\\",
            "@",
            " ",
            "SIZE=",
            "\xc3\xa9",
            "\xff",
            new('x', 3000),
        ];
        Gen<string> octet = Gen.Choose(0, 255).Select(value => ((char)value).ToString());
        return Gen.OneOf(Gen.Elements(words), Gen.Elements(words), octet).ListOf().Select(list => string.Concat(list));
    }

    private static (string Transcript, string[] Messages) Play(params int[] cuts)
    {
        using var client = new MemoryClient();
        int offset = 0;
        foreach (string part in Parts)
        {
            int[] borders =
            [
                0,
                .. cuts.Select(cut => cut - offset).Where(cut => cut > 0 && cut < part.Length).Distinct().Order(),
                part.Length,
            ];
            for (int i = 1; i < borders.Length; i++)
                client.Send(part[borders[i - 1]..borders[i]]);
            offset += part.Length;
        }
        client.IsClosed.ShouldBeTrue();
        return (client.Transcript, [.. client.Handler.Texts]);
    }
}
