using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>The ids that keys may have: 0-9 and a-v.</summary>
internal static class KeyIds
{
    private const string All = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>The id of a first key.</summary>
    public const char First = '1';

    /// <summary>Reads an id, in any case.</summary>
    public static bool TryParse(string text, out char id)
    {
        id = text.Length == 1 ? char.ToLowerInvariant(text[0]) : default;
        return All.Contains(id);
    }

    /// <summary>The first id behind that of the first key which no key has; <c>null</c> when all are taken.</summary>
    public static char? NextFree(IReadOnlyList<VerpKey> keys)
    {
        int first = All.IndexOf(keys[0].Id);
        for (int i = 1; i < All.Length; i++)
        {
            char id = All[(first + i) % All.Length];
            if (!keys.Any(key => key.Id == id))
                return id;
        }
        return null;
    }
}
