namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>The ways to send a message.</summary>
internal static class Bodies
{
    /// <summary>DATA, dots doubled (RFC 5321 section 4.1.1.4).</summary>
    public static IEnumerable<Step> Data(Step step) => [("DATA", "354"), Step.Octets(DataModel.Write(step.Message!), step.Replies)];
}
