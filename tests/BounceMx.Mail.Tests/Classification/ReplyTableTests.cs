using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class ReplyTableTests
{
    private static readonly string?[] Commands = [null, "CONN", "EHLO", "MAIL", "RCPT", "DATA"];

    [Fact]
    public void Only_a_code_that_means_one_thing_in_answer_to_any_command_goes_before_a_generic_status()
    {
        foreach (string? command in Commands)
        {
            Enumerable
                .Range(400, 200)
                .Where(code => ReplyTable.Find(new ReplyCode(code), command) is { Specific: true })
                .ShouldBe([432, 455, 500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 555, 556]);
        }
    }

    [Theory]
    [InlineData(421, "CONN", BounceReason.Blocked)]
    [InlineData(421, "DATA", BounceReason.SystemError)]
    [InlineData(550, "CONN", BounceReason.Blocked)]
    [InlineData(550, "EHLO", BounceReason.Blocked)]
    [InlineData(550, "MAIL", BounceReason.Rejected)]
    [InlineData(550, "RCPT", null)]
    [InlineData(552, "DATA", BounceReason.EmailTooLarge)]
    [InlineData(552, "MAIL", BounceReason.EmailTooLarge)]
    [InlineData(552, "RCPT", BounceReason.MailboxFull)]
    [InlineData(553, "MAIL", BounceReason.Rejected)]
    [InlineData(553, "RCPT", BounceReason.UserUnknown)]
    [InlineData(553, null, null)]
    [InlineData(554, "CONN", BounceReason.Blocked)]
    [InlineData(554, "EHLO", BounceReason.Blocked)]
    [InlineData(554, "MAIL", BounceReason.Rejected)]
    [InlineData(554, "DATA", null)]
    [InlineData(599, null, null)]
    public void A_code_of_many_causes_means_what_the_command_asked_for(int code, string? command, BounceReason? reason) =>
        (ReplyTable.Find(new ReplyCode(code), command)?.Reason).ShouldBe(reason);
}
