using System.Text.Json;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Cli;

/// <summary>JSON Lines: <c>{"file","kind","recipients":[{"recipient","action","status","reply","reason","severity","advice",…}]}</c>.</summary>
internal sealed class JsonAnalysisWriter : IAnalysisWriter
{
    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;

    public JsonAnalysisWriter(Stream output)
    {
        _output = new BufferedStream(output, 64 * 1024);
        _json = new Utf8JsonWriter(_output);
    }

    public void Write(Analysis analysis)
    {
        _json.WriteStartObject();
        _json.WriteString("file", analysis.File);
        _json.WriteString("kind", analysis.Report.Kind.ToWire());
        if (analysis.Report.ReportingMta is { } reportingMta)
            _json.WriteString("reporting_mta", reportingMta);
        _json.WriteStartArray("recipients");
        for (int i = 0; i < analysis.Verdicts.Count; i++)
            WriteRecipient(analysis.Report.Recipients[i], analysis.Verdicts[i]);
        _json.WriteEndArray();
        if (analysis.Report.ParseLimited)
            _json.WriteBoolean("parse_limited", true);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.WriteByte((byte)'\n');
    }

    private void WriteRecipient(RecipientStatus status, Verdict verdict)
    {
        _json.WriteStartObject();
        _json.WriteString("recipient", status.Recipient);
        _json.WriteString("recipient_source", status.RecipientSource.ToWire());
        WriteIfKnown("action", status.Action.ToWire());
        WriteIfKnown("status", status.Status?.ToString());
        WriteIfKnown("reply", status.Reply?.ToString());
        _json.WriteString("reason", verdict.Reason.ToWire());
        _json.WriteString("severity", verdict.Severity.ToWire());
        _json.WriteString("advice", verdict.Advice.ToWire());
        WriteIfKnown("diagnostic", status.Diagnostic);
        WriteIfKnown("remote_mta", status.RemoteMta);
        WriteIfKnown("command", status.Command);
        WriteIfKnown("final_recipient", status.FinalRecipient);
        WriteIfKnown("original_recipient", status.OriginalRecipient);
        _json.WriteString("rule", verdict.RuleId);
        _json.WriteEndObject();
    }

    private void WriteIfKnown(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }

    public void Dispose()
    {
        _json.Dispose();
        _output.Dispose();
    }
}
