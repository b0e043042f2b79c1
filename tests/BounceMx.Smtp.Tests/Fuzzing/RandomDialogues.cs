using System.Text;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>Dialogues from scratch: mostly commands in a likely order, often something else.</summary>
internal static class RandomDialogues
{
    private static readonly string[] Envelope =
    [
        "EHLO client.test\r\n",
        "HELO client.test\r\n",
        "MAIL FROM:<>\r\n",
        "MAIL FROM:<u@d.test> SIZE=100 BODY=8BITMIME\r\n",
        "MAIL FROM:<> BODY=BINARYMIME\r\n",
        "MAIL FROM:<> RET=HDRS ENVID=x+2Bb\r\n",
        "RCPT TO:<bounces+a=b.test@bounces.test>\r\n",
        "RCPT TO:<fault@bounces.test>\r\n",
        "RCPT TO:<a@elsewhere.test>\r\n",
        "RCPT TO:<postmaster> NOTIFY=NEVER\r\n",
        "DATA\r\n",
        "RSET\r\n",
    ];

    private static readonly string[] Commands =
    [
        "NOOP\r\n",
        "HELP\r\n",
        "VRFY x\r\n",
        "EXPN x\r\n",
        "AUTH PLAIN\r\n",
        "STARTTLS\r\n",
        "XYZZY\r\n",
        "QUIT\r\n",
        "GET / HTTP/1.1\r\n",
        "BDAT -1\r\n",
        "BDAT 99999999999999999999 LAST\r\n",
        "BDAT 3 LAST x\r\n",
        "\r\n",
    ];

    private static readonly string[] Fragments =
    [
        "\r\n",
        "\r\n.\r\n",
        "\r\n.",
        "\r",
        "\n",
        ".",
        ".\r\n",
        "..",
        "\0",
        " ",
        "<",
        ">",
        "\"",
        "\\",
        "@",
        "=",
        "MAIL FROM:<",
        "RCPT TO:<",
        "SIZE=",
        "\xc3\xa9",
        "\xff",
        "x",
        "Subject: x\r\n\r\n",
    ];

    public static FuzzDialogue Next(Random random)
    {
        var text = new StringBuilder();
        int parts = random.Next(1, 30);
        for (int i = 0; i < parts; i++)
            text.Append(Part(random));
        return new FuzzDialogue(FuzzOptions.Any(random), Chaos.Scatter(text.ToString(), random))
        {
            HandlerTime = TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(1, 40) : 0),
            IsDeaf = random.Next(20) == 0,
        };
    }

    private static string Part(Random random) =>
        random.Next(100) switch
        {
            < 25 => "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\nDATA\r\n" + Chaos.Pause + Body(random),
            < 35 => "MAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\n" + Chunks(random),
            < 60 => Pick(Envelope, random),
            < 75 => Pick(Commands, random),
            < 90 => Pick(Fragments, random),
            < 97 => ((char)random.Next(256)).ToString(),
            < 99 => new string((char)random.Next(256), random.Next(4000)),
            _ => new string('x', random.Next(80_000)),
        };

    // Nearly always with an end, and with everything in it that might be taken for one.
    private static string Body(Random random)
    {
        var body = new StringBuilder();
        for (int i = random.Next(12); i > 0; i--)
            body.Append(Pick(Fragments, random));
        if (random.Next(20) == 0)
            body.Append('x', random.Next(3000));
        return body.Append(random.Next(10) == 0 ? "" : "\r\n.\r\n").ToString();
    }

    private static string Chunks(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(4); i >= 0; i--)
        {
            string chunk = Body(random);
            int size = random.Next(10) == 0 ? random.Next(20) : chunk.Length;
            text.Append($"BDAT {size}{(random.Next(2) == 0 ? " LAST" : "")}\r\n{chunk}");
        }
        return text.ToString();
    }

    private static string Pick(string[] among, Random random) => among[random.Next(among.Length)];
}
