using BounceMx.Mail.Classification;

namespace BounceMx.Publishing;

/// <summary>The colours of severities on a terminal, as Spectre.Console names them.</summary>
internal static class SeverityColours
{
    public static string Of(Severity severity) =>
        severity switch
        {
            Severity.Hard => "red",
            Severity.Soft => "yellow",
            Severity.Block => "magenta",
            _ => "grey",
        };
}
