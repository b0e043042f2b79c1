using System.Text;
using BounceMx.Smtp.Tests.Dialogues;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>Dialogues of the table with something wrong in them.</summary>
internal static class MutatedDialogues
{
    // Longer rows are about length, and would take the time of a hundred others.
    private const int MaxSeed = 3000;

    // Steps wait for each other, as a client does.
    private static readonly string[] Seeds =
    [
        .. Rows
            .All.Select(row => row.With(Sending.ByData))
            .Select(row => string.Join(Chaos.Pause, row.Steps.Select(step => string.Concat(step.Units))))
            .Where(text => text.Length is > 0 and < MaxSeed)
            .Distinct(StringComparer.Ordinal),
    ];

    public static FuzzDialogue Next(Random random)
    {
        var text = new StringBuilder(Any(random));
        for (int i = random.Next(1, 8); i > 0; i--)
            Mutate(text, random);
        return new FuzzDialogue(FuzzOptions.Any(random), Chaos.Scatter(text.ToString(), random));
    }

    private static string Any(Random random) => Seeds[random.Next(Seeds.Length)];

    private static void Mutate(StringBuilder text, Random random)
    {
        int at = random.Next(text.Length);
        int length = random.Next(Math.Min(text.Length - at, 20) + 1);
        switch (random.Next(6))
        {
            case 0 when at < text.Length:
                text[at] = (char)(text[at] ^ (1 << random.Next(8)));
                break;
            case 1:
                text.Insert(at, "\r\n\0. <>\"\\:"[random.Next(10)]);
                break;
            case 2:
                text.Insert(at, (char)random.Next(256));
                break;
            case 3:
                text.Remove(at, length);
                break;
            case 4:
                text.Insert(at, text.ToString(at, length));
                break;
            default:
                string other = Any(random);
                text.Insert(at, other[random.Next(other.Length)..]);
                break;
        }
    }
}
