using System.Globalization;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>One fault's row of the table; it is reported at the end of the test, however that ends.</summary>
/// <param name="fault">What was broken.</param>
internal sealed class Tally(string fault) : IDisposable
{
    private int _rounds;
    private int _messages;
    private int _lost;
    private int _doubled;

    /// <summary>Adds a round.</summary>
    /// <param name="messages">That were acknowledged.</param>
    /// <param name="lost">Of these, those without an event.</param>
    /// <param name="doubled">Events that came twice.</param>
    public void Add(int messages, int lost, int doubled)
    {
        _rounds++;
        _messages += messages;
        _lost += lost;
        _doubled += doubled;
    }

    public void Dispose() =>
        Campaign.Report(
            _rounds == 0
                ? $"| {fault} | skipped, or failed before its first round ended | | | |"
                : string.Create(CultureInfo.InvariantCulture, $"| {fault} | {_rounds:N0} | {_messages:N0} | {_lost:N0} | {_doubled:N0} |")
        );
}
