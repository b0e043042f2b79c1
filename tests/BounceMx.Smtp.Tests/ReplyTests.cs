using System.Reflection;
using System.Text;
using BounceMx.Mail;

namespace BounceMx.Smtp.Tests;

/// <summary>The form of replies (RFC 5321 section 4.2, RFC 2034).</summary>
public sealed class ReplyTests
{
    public static TheoryData<SmtpReply> Replies =>
        [
            .. typeof(SmtpReplies)
                .GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(property => (SmtpReply)property.GetValue(null)!),
        ];

    [Fact]
    public void Repeats_the_enhanced_code_on_every_line() => // RFC 2034 section 4
        Wire(new SmtpReply(new ReplyCode(550), new EnhancedStatusCode(5, 7, 1), "one\ntwo")).ShouldBe("550-5.7.1 one\r\n550 5.7.1 two\r\n");

    [Fact]
    public void A_text_cannot_make_a_line_of_its_own() =>
        Wire(new SmtpReply(new ReplyCode(550), null, "\u00e9\r\0\x7f")).ShouldBe("550 ????\r\n");

    [Theory]
    [InlineData(506, 1)]
    [InlineData(507, 2)]
    [InlineData(1013, 3)]
    public void No_line_is_over_512_octets(int length, int lines) // RFC 5321 section 4.5.3.1.5
    {
        string[] wire = Wire(new SmtpReply(new ReplyCode(250), null, new string('x', length))).Split("\r\n")[..^1];
        wire.Length.ShouldBe(lines);
        wire.ShouldAllBe(line => line.Length <= 510);
        string.Concat(wire.Select(line => line[4..])).Length.ShouldBe(length);
    }

    [Fact]
    public void An_empty_text_is_one_line() => Wire(new SmtpReply(new ReplyCode(250), null, "")).ShouldBe("250 \r\n");

    [Fact]
    public void Replies_are_equal_by_what_they_say() =>
        new SmtpReply(new ReplyCode(250), new EnhancedStatusCode(2, 0, 0), "Ok").ShouldBe(SmtpReplies.Accepted);

    [Theory]
    [MemberData(nameof(Replies))]
    public void The_enhanced_code_has_the_class_of_the_code(SmtpReply reply) // RFC 2034 section 4
    {
        if (reply != SmtpReplies.StartMailInput && reply != SmtpReplies.NoDomain)
            reply.Status.ShouldNotBeNull().Class.ShouldBe(reply.Code.Class);
    }

    private static string Wire(SmtpReply reply) => Encoding.Latin1.GetString(reply.Wire.Span);
}
