using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Rules;

namespace BounceMx.Tests.Rules;

/// <summary>Small files of rules.</summary>
internal static class RuleFiles
{
    public static string Rule(
        string id = "own.greenhouse",
        string text = "gone to the greenhouse",
        string reason = "has_moved",
        string example = "550 user gone to the greenhouse"
    ) =>
        $$"""
            [
              {
                "id": "{{id}}",
                "text": "{{text}}",
                "reason": "{{reason}}",
                "source": { "mta": "Greenhouse", "reference": "seen on the wire" },
                "examples": ["{{example}}"],
              },
            ]
            """;

    /// <summary>A book of its own, which does not change with the one that is built in.</summary>
    public static RuleBook Book(params string[] contents) =>
        RuleBook.Load(Files(contents).Select(file => (file.Name, (Stream)new MemoryStream(file.Content))));

    public static RuleFile[] Files(params string[] contents) =>
        [.. contents.Select((content, i) => new RuleFile($"{(char)('a' + i)}.jsonc", Encoding.UTF8.GetBytes(content)))];
}
