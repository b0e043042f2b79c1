namespace BounceMx.Mail.Reports;

/// <summary>The words of reports as they are written in events and JSON; the actions are RFC 3464's own.</summary>
public static class ReportWords
{
    private static readonly string[] Kinds = ["other", "bounce", "delay", "delivered", "complaint", "auto_reply"];
    private static readonly string?[] Actions = [null, "failed", "delayed", "delivered", "relayed", "expanded"];
    private static readonly string[] Sources = ["original_recipient", "final_recipient", "header", "text", "verp", "verp_signed"];

    /// <summary>The kind in snake case.</summary>
    public static string ToWire(this ReportKind kind) => Kinds[(int)kind];

    /// <summary>The action; <c>null</c> for <see cref="DsnAction.None"/>.</summary>
    public static string? ToWire(this DsnAction action) => Actions[(int)action];

    /// <summary>The source in snake case.</summary>
    public static string ToWire(this RecipientSource source) => Sources[(int)source];
}
