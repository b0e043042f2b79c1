using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Cli;

/// <summary>What was read from one message.</summary>
/// <param name="File">Where it came from.</param>
/// <param name="Report">What it says.</param>
/// <param name="Verdicts">Why each recipient failed, in the order of the report's recipients.</param>
internal sealed record Analysis(string File, DeliveryReport Report, IReadOnlyList<Verdict> Verdicts);

/// <summary>Takes the outcome of each message in turn; disposing completes the output.</summary>
internal interface IAnalysisWriter : IDisposable
{
    void Write(Analysis analysis);
}
