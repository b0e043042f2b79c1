using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Tests.Storage;

/// <summary>Envelopes as they stand in the spool, of this version and the one before.</summary>
public sealed class StoredEnvelopeTests
{
    // As the version without signatures wrote them.
    private const string Before = """
        {"mail_from":"","rcpt_to":[
          {"local_part":"bounces\u002Buser=recipient.test\u002Bcampaign42","domain":"bounces.test","recipient":"user@recipient.test","tags":["campaign42"]},
          {"local_part":"bounces-news","domain":"bounces.test"}],
         "helo":"mx.sender.test","remote_ip":"192.0.2.1"}
        """;

    [Fact]
    public void A_row_of_the_version_before_is_read()
    {
        AcceptedRecipient[] recipients = [.. StoredEnvelope.Read(Before).RcptTo];

        recipients[0].Verp.ShouldBe(new VerpAddress("user@recipient.test", ["campaign42"]));
        recipients[1].Verp.ShouldBeNull();
        foreach (AcceptedRecipient recipient in recipients)
            (recipient.Signature, recipient.IsMarked, recipient.Layers.Count).ShouldBe((SignatureOutcome.NotChecked, false, 0));
    }

    [Fact]
    public void What_is_as_it_was_is_written_as_it_was() =>
        StoredEnvelope.Write(StoredEnvelope.Read(Before)).ShouldBe(string.Concat(Before.Split('\n').Select(line => line.Trim())));

    [Theory]
    [InlineData("", "likely", false)]
    [InlineData(Sample.Key, "unproven", true)]
    public void A_row_of_before_there_were_keys_is_not_relied_on_where_there_are(string keys, string trust, bool isTold)
    {
        Envelope before = StoredEnvelope.Read(Before);
        SpooledMessage message = Sample.Message() with { Envelope = before with { RcptTo = [before.RcptTo[0]] } };
        BounceEvent e = Sample.Composer(Sample.Codec(keys)).Compose(message, message.Raw!).ShouldHaveSingleItem();
        (e.Trust, e.RecipientSource).ShouldBe((trust, "verp"));
        e.Evidence.Contains("the mail came before there were keys").ShouldBe(isTold);
    }

    [Fact]
    public void A_mark_outlives_a_restart()
    {
        AcceptedRecipient marked = Sample.Accepted("bounces+~0123456789abcdef+tag@bounces.test", Sample.Key);
        string json = StoredEnvelope.Write(Sample.Envelope(marked));
        AcceptedRecipient read = StoredEnvelope.Read(json).RcptTo[0];

        json.ShouldContain("\"signature\":\"Unsigned\"");
        (read.Signature, read.IsMarked).ShouldBe((SignatureOutcome.Unsigned, true));
        read.Verp.ShouldBe(marked.Verp);
    }
}
