using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using Spectre.Console;

namespace BounceMx.Publishing;

/// <summary>Where events are shown to people as they happen.</summary>
internal interface IEventConsole
{
    /// <summary>Shows one event.</summary>
    void Show(BounceEvent bounceEvent);
}

/// <summary>A line an event on standard output: <c>09:14:05 bounce hard user_unknown user@recipient.example 5.1.1 550 5.1.1 …</c>.</summary>
internal sealed class EventConsole(IAnsiConsole console) : IEventConsole
{
    public void Show(BounceEvent bounceEvent)
    {
        string colour = Severities.TryParse(bounceEvent.Severity, out Severity severity) ? SeverityColours.Of(severity) : "grey";
        console.MarkupLine(
            $"[grey]{bounceEvent.ReceivedAt:HH:mm:ss}[/] {bounceEvent.Type} [{colour}]{bounceEvent.Severity}[/] {bounceEvent.Reason} "
                + $"[bold]{Safe(bounceEvent.Recipient ?? "-")}[/] {bounceEvent.Status} [grey]{Safe(bounceEvent.Diagnostic ?? "")}[/]"
        );
    }

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));
}
