using System.Text;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>Divides what is to be sent, and lets things happen in between.</summary>
internal static class Chaos
{
    /// <summary>Where a client would wait for the answer, and nearly always does; not sent itself.</summary>
    public const char Pause = '\ue000';

    private static readonly TimeSpan[] Times =
    [
        TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(31),
        TimeSpan.FromSeconds(70),
        TimeSpan.FromMinutes(5),
    ];

    public static List<FuzzAction> Scatter(string text, Random random)
    {
        List<FuzzAction> actions = [];
        // From a few large pieces to octet by octet.
        int oneIn = 1 << random.Next(0, 10);
        var piece = new StringBuilder();
        foreach (char octet in text)
        {
            if (octet == Pause ? random.Next(20) > 0 : random.Next(oneIn * 4) == 0)
                Flush();
            if (octet <= 0xff)
                piece.Append(octet);
        }
        Flush();
        actions.AddRange(End(random));
        return actions;

        void Flush()
        {
            if (piece.Length > 0)
                actions.Add(FuzzAction.Send(piece.ToString()));
            piece.Clear();
            switch (random.Next(200))
            {
                case < 4:
                    actions.Add(FuzzAction.Wait(Times[random.Next(Times.Length)]));
                    break;
                case 4:
                    actions.Add(FuzzAction.Of((FuzzActionKind)random.Next((int)FuzzActionKind.HangUp, (int)FuzzActionKind.ShutDown + 1)));
                    break;
            }
        }
    }

    private static FuzzAction[] End(Random random) =>
        random.Next(4) switch
        {
            0 => [FuzzAction.Of(FuzzActionKind.HangUp)],
            1 => [FuzzAction.Of(FuzzActionKind.Break)],
            2 => [FuzzAction.Of(FuzzActionKind.ShutDown), FuzzAction.Of(FuzzActionKind.HangUp)],
            _ => [],
        };
}
