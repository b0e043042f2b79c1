namespace BounceMx.Pipeline;

/// <summary>What an event is about, as it stands in <c>type</c>.</summary>
internal static class EventTypes
{
    public const string Bounce = "bounce";
    public const string Delay = "delay";
    public const string Delivered = "delivered";
    public const string Complaint = "complaint";
    public const string AutoReply = "auto_reply";
    public const string Other = "other";
}

/// <summary>How far an event can be believed, as it stands in <c>trust</c>.</summary>
internal static class Trusts
{
    public const string Proven = "proven";
    public const string Likely = "likely";
    public const string Unproven = "unproven";
    public const string Suspect = "suspect";
}
