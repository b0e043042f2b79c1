using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

public sealed class CommandTableTests
{
    [Theory]
    [InlineData(BounceReason.UserUnknown)]
    [InlineData(BounceReason.HostUnknown)]
    [InlineData(BounceReason.HasMoved)]
    [InlineData(BounceReason.NotAccept)]
    public void What_is_unknown_in_answer_to_MAIL_is_the_sender(BounceReason said) =>
        CommandTable.Turn(said, "MAIL", null).ShouldBe(BounceReason.Rejected);

    [Theory]
    [InlineData(null, BounceReason.UserUnknown)]
    [InlineData("RCPT", BounceReason.UserUnknown)]
    [InlineData("DATA", BounceReason.Filtered)]
    public void A_user_who_was_accepted_before_DATA_exists(string? command, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, command, null).ShouldBe(meant);

    [Theory]
    [InlineData(5, 1, 1, BounceReason.UserUnknown)]
    [InlineData(5, 1, 0, BounceReason.Filtered)]
    [InlineData(5, 0, 0, BounceReason.Filtered)]
    public void A_pipelined_answer_to_RCPT_is_told_by_its_status(int @class, int subject, int detail, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, "DATA", new EnhancedStatusCode(@class, subject, detail)).ShouldBe(meant);

    [Theory]
    [InlineData(0, null, BounceReason.Filtered)]
    [InlineData(1, null, BounceReason.Filtered)]
    [InlineData(1, "DATA", BounceReason.Filtered)]
    [InlineData(1, "RCPT", BounceReason.UserUnknown)]
    [InlineData(2, null, BounceReason.UserUnknown)]
    public void The_status_of_a_mailbox_says_that_it_is_there(int detail, string? command, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, command, new EnhancedStatusCode(5, 2, detail)).ShouldBe(meant);

    [Theory]
    [InlineData(BounceReason.MailboxFull, "MAIL")]
    [InlineData(BounceReason.MailboxFull, "DATA")]
    [InlineData(BounceReason.HostUnknown, "DATA")]
    [InlineData(BounceReason.Suspend, null)]
    public void Other_words_mean_what_they_say(BounceReason said, string? command) =>
        CommandTable.Turn(said, command, new EnhancedStatusCode(5, 2, 1)).ShouldBe(said);
}
