using System.Globalization;
using BounceMx.Hosting;
using CsvHelper;
using CsvHelper.Configuration;

namespace BounceMx.Cli;

/// <summary>
/// Mints an envelope sender for each recipient that it reads, in one pass, one line or row at a time. One that cannot be minted is told with the
/// number of its line, and leaves its place empty: what is read and what is written stay side by side.
/// </summary>
/// <param name="mint">What mints.</param>
/// <param name="output">What the addresses are written to.</param>
/// <param name="onFault">Is told a line number and what is wrong there.</param>
/// <param name="show">What becomes of a cell of CSV before it is written.</param>
internal sealed class MintingBatch(SenderMint mint, TextWriter output, Action<long, string> onFault, Func<string, string> show)
{
    // A quote that is never closed makes one cell of all that follows.
    private const int MaxCell = 64 * 1024;

    /// <summary>Whether anything could not be minted.</summary>
    public bool HasFaults { get; private set; }

    /// <summary>A recipient a line: writes a line for each, which is empty for an empty one.</summary>
    public void MintLines(TextReader input)
    {
        var lines = new LineReader(input);
        for (long line = 1; lines.Read(out bool isTooLong) is { } text; line++)
        {
            // A CR would be trimmed at the ends: two lines of an old Macintosh are not one recipient.
            string recipient = text.Contains('\r', StringComparison.Ordinal) ? text : text.Trim();
            output.WriteLine(
                isTooLong ? Refuse(line, $"it has over {LineReader.MaxLength} characters")
                : recipient.Length == 0 ? ""
                : Mint(line, recipient, [])
            );
        }
        output.Flush();
    }

    /// <summary>
    /// CSV (RFC 4180) whose first row names a column <c>recipient</c> and, optionally, <c>tag</c>, <c>tag1</c>, <c>tag2</c> …: writes it
    /// again with a column more.
    /// </summary>
    /// <exception cref="UsageException">There is no such column, or a cell is too long to be one.</exception>
    public void MintCsv(TextReader input)
    {
        bool isBad = false;
        // Its NewLine is left alone: lines that are read may end in CRLF, LF or CR.
        var syntax = new CsvConfiguration(CultureInfo.InvariantCulture) { MaxFieldSize = MaxCell, BadDataFound = _ => isBad = true };
        using var parser = new CsvParser(input, syntax, leaveOpen: true);
        using var writer = new CsvWriter(output, CsvSyntax.Written, leaveOpen: true);
        try
        {
            var columns = new RecipientColumns(parser.Read() ? parser.Record! : []);
            Write(writer, columns.Header);
            while (parser.Read())
            {
                isBad = false;
                string[] cells = parser.Record!;
                string? fault = isBad ? "a cell has a quote where none may be" : columns.FaultOf(cells);
                string address = fault is null
                    ? Mint(parser.RawRow, columns.RecipientOf(cells), columns.TagsOf(cells))
                    : Refuse(parser.RawRow, fault);
                Write(writer, columns.Fill(cells, address));
            }
        }
        catch (MaxFieldSizeException e)
        {
            throw new UsageException(
                $"line {parser.RawRow}: a cell has over {MaxCell} characters; is there a quote that is not closed?",
                e
            );
        }
    }

    private void Write(CsvWriter writer, string[] cells)
    {
        foreach (string cell in cells)
            writer.WriteField(show(cell));
        writer.NextRecord();
    }

    private string Mint(long line, string recipient, string[] tags) =>
        mint.Mint(recipient, tags, out string problem) ?? Refuse(line, $"{problem}: {recipient}");

    private string Refuse(long line, string problem)
    {
        HasFaults = true;
        onFault(line, problem);
        return "";
    }
}
