namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>What the servers enforce that hostile clients meet.</summary>
internal static class FuzzOptions
{
    public static SmtpServerOptions Any(Random random) =>
        Dialogues.TestServer.Options with
        {
            MaxMessageSize = random.Next(3) == 0 ? 1024 : 64 * 1024,
            RefuseBareLineEnds = random.Next(4) == 0,
            Chunking = random.Next(2) == 0,
            BinaryMime = random.Next(2) == 0,
        };
}
