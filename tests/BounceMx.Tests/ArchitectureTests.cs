using System.Reflection;
using BounceMx.Mail;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Tests;

/// <summary>Four projects, one direction (docs/adr).</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<Assembly, string[]> Projects =>
        new()
        {
            { typeof(VerpCodec).Assembly, [] },
            { typeof(Mailbox).Assembly, [] },
            { typeof(IMailHandler).Assembly, ["BounceMx.Mail"] },
            { typeof(Program).Assembly, ["BounceMx.Mail", "BounceMx.Smtp", "BounceMx.Verp"] },
        };

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_those_below_it(Assembly project, string[] below) =>
        References(project).Where(name => name.StartsWith("BounceMx", StringComparison.Ordinal)).Order().ShouldBe(below);

    [Theory]
    [InlineData(typeof(VerpCodec))]
    [InlineData(typeof(Mailbox))]
    public void A_packable_project_depends_on_the_base_library_alone(Type member) =>
        References(member.Assembly).ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void The_SMTP_server_uses_the_values_of_the_mail_project_and_not_its_readers()
    {
        string[] readers = ["BounceMx.Mail.Mime", "BounceMx.Mail.Reports", "BounceMx.Mail.Classification"];
        typeof(IMailHandler)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetFields(All).Select(field => field.FieldType).Concat(type.GetMethods(All).SelectMany(Mentioned)))
            .Select(type => type.Namespace)
            .ShouldNotContain(name => readers.Contains(name));
    }

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<Type> Mentioned(MethodInfo method) =>
        [
            method.ReturnType,
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method.GetMethodBody()?.LocalVariables.Select(variable => variable.LocalType) ?? [],
        ];

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
