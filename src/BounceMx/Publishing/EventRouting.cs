using BounceMx.Pipeline;

namespace BounceMx.Publishing;

/// <summary>Which stream an event belongs to; told when it is published, so that keys count for what waits in the outbox, too.</summary>
/// <param name="hasKeys">Whether bounce addresses are signed.</param>
internal sealed class EventRouting(bool hasKeys)
{
    /// <summary>
    /// Whether nobody should act on an event unseen: it was not understood, it may be forged, or it comes without the proof that there
    /// could be.
    /// </summary>
    public bool IsQuarantined(BounceEvent bounceEvent) =>
        bounceEvent.Type == EventTypes.Other || bounceEvent.Trust == Trusts.Suspect || (hasKeys && bounceEvent.Trust == Trusts.Unproven);
}
