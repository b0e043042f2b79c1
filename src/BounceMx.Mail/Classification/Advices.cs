namespace BounceMx.Mail.Classification;

/// <summary>The words of <see cref="Advice"/> on the wire.</summary>
public static class Advices
{
    private static readonly string[] Table = ["none", "remove", "retry_later", "fix_sender", "fix_message", "review"];

    /// <summary>The word on the wire: lower case, words joined by <c>_</c>.</summary>
    /// <param name="advice">A defined member.</param>
    public static string ToWire(this Advice advice) => Table[(int)advice];
}
