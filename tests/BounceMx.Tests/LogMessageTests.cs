using System.Reflection;
using BounceMx.Mail;
using BounceMx.Smtp;
using BounceMx.Verp;
using Microsoft.Extensions.Logging;

namespace BounceMx.Tests;

/// <summary>What the log of the whole server has in common.</summary>
public sealed class LogMessageTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Projects =
    [
        typeof(VerpCodec).Assembly,
        typeof(Mailbox).Assembly,
        typeof(IMailHandler).Assembly,
        typeof(Program).Assembly,
    ];

    private static IReadOnlyList<(string Name, int EventId)> Messages { get; } =
    [
        .. from type in Projects.SelectMany(project => project.GetTypes())
        from method in type.GetMethods(All)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select ($"{type.Name}.{method.Name}", message.EventId),
    ];

    [Fact]
    public void The_messages_are_found() => Messages.Count.ShouldBeGreaterThan(20);

    [Fact]
    public void An_event_id_means_one_thing() =>
        Messages.GroupBy(message => message.EventId).Where(same => same.Count() > 1).Select(same => same.ToArray()).ShouldBeEmpty();
}
