using System.Globalization;
using CsvHelper.Configuration;

namespace BounceMx.Cli;

/// <summary>CSV as we write it: RFC 4180, but with LF, because a CR behind the last column would become part of it in many a shell.</summary>
internal static class CsvSyntax
{
    /// <summary>What the writer of CSV is given. A lone CR is quoted, too, for many readers end a row at it.</summary>
    public static CsvConfiguration Written { get; } =
        new(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
            ShouldQuote = cell => cell.Field?.AsSpan().ContainsAny('\r', '\n') is true || ConfigurationFunctions.ShouldQuote(cell),
        };
}
