using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>Real clients deliver real mail, in clear text.</summary>
public sealed class ClientTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Swaks_delivers()
    {
        var (bounceAddress, message) = BounceOf("swaks@recipient.example");

        await MailPrograms.SwaksAsync(running.Port, bounceAddress, message);

        await ShouldBeUserUnknownAsync(bounceAddress, "swaks@recipient.example");
    }

    [Fact]
    public async Task Swaks_delivers_with_pipelined_commands()
    {
        var (bounceAddress, message) = BounceOf("pipeline@recipient.example");

        await MailPrograms.SwaksAsync(running.Port, bounceAddress, message, "--pipeline");

        await ShouldBeUserUnknownAsync(bounceAddress, "pipeline@recipient.example");
    }

    [Fact]
    public async Task Smtplib_delivers()
    {
        var (bounceAddress, message) = BounceOf("smtplib@recipient.example");

        await MailPrograms.SmtplibAsync(running.Port, bounceAddress, message);

        await ShouldBeUserUnknownAsync(bounceAddress, "smtplib@recipient.example");
    }

    [Fact]
    public async Task Nodemailer_delivers()
    {
        var (bounceAddress, message) = BounceOf("nodemailer@recipient.example");

        await MailPrograms.NodemailerAsync(running.Port, bounceAddress, message);

        await ShouldBeUserUnknownAsync(bounceAddress, "nodemailer@recipient.example");
    }

    [Fact]
    public async Task Nodemailer_delivers_to_and_from_addresses_in_UTF_8()
    {
        const string Sender = "größe@absender.example";
        var (bounceAddress, message) = BounceOf("jörg@empfänger.example");

        await MailPrograms.NodemailerAsync(running.Port, bounceAddress, message, sender: Sender);

        var journalled = await ShouldBeUserUnknownAsync(bounceAddress, "jörg@empfänger.example");
        ((string?)journalled["envelope"]!["mail_from"]).ShouldBe(Sender);
    }

    [Fact]
    public async Task Each_message_of_smtp_source_is_published_exactly_once()
    {
        const int Messages = 2000;
        var bounceAddress = BounceAddress.Of("source@recipient.example");

        await MailPrograms.SmtpSourceAsync(running.Port, bounceAddress, Messages, connections: 20);

        await running.Server.WaitUntilIdleAsync();
        var events = running.Server.ReadJournal().Where(e => (string?)e["bounce_address"] == bounceAddress).ToArray();
        events.Length.ShouldBe(Messages);
        events.Select(e => (string?)e["id"]).Distinct().Count().ShouldBe(Messages);
    }

    private static (string BounceAddress, string Message) BounceOf(string recipient) =>
        (BounceAddress.Of(recipient), SampleMail.UserUnknown(recipient));

    private async Task<System.Text.Json.Nodes.JsonObject> ShouldBeUserUnknownAsync(string bounceAddress, string recipient)
    {
        var journalled = await running.Server.JournalledAsync(bounceAddress);
        journalled.ShouldHave(("type", "bounce"), ("reason", "user_unknown"), ("recipient", recipient), ("status", "5.1.1"));
        return journalled;
    }
}
