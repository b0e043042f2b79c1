using System.Text;
using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

/// <summary>Small rule books written in the tests themselves.</summary>
internal static class Books
{
    public static RuleBook Load(params string[] files) => RuleBook.Load(Files(files));

    public static IEnumerable<(string Name, Stream Content)> Files(params string[] files) =>
        files.Select((json, i) => ($"{(char)('a' + i)}.jsonc", (Stream)new MemoryStream(Encoding.UTF8.GetBytes(json))));

    public static string Rule(
        string id = "x.rule",
        string text = "user unknown",
        string reason = "user_unknown",
        string when = "",
        string examples = "\"550 user unknown\"",
        string more = ""
    ) =>
        $$"""
            [{ "id": "{{id}}", "text": "{{text}}", {{(when.Length == 0 ? "" : $"\"when\": {{ {when} }},")}} "reason": "{{reason}}",
               "source": { "mta": "X", "reference": "x(8)" }, "examples": [{{examples}}], {{more}} }]
            """;
}
