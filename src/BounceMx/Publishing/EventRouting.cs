using BounceMx.Pipeline;

namespace BounceMx.Publishing;

/// <summary>Which stream an event belongs to.</summary>
internal static class EventRouting
{
    /// <summary>Whether nobody should act on an event unseen: it was not understood, or it may be forged.</summary>
    public static bool IsQuarantined(BounceEvent bounceEvent) =>
        bounceEvent.Type == EventTypes.Other || bounceEvent.Trust == Trusts.Suspect;
}
