using BounceMx.Pipeline;

namespace BounceMx.Tests.Pipeline;

public sealed class PeerSignsTests
{
    [Theory]
    [InlineData("mx1.mail.example.org", "example.org")]
    [InlineData("example.org.", "example.org")]
    [InlineData("mx.example.co.uk", "example.co.uk")]
    [InlineData("a.b.example.com.au", "example.com.au")]
    [InlineData("mx.co.de", "mx.co.de")]
    [InlineData("mx.x.de", "x.de")]
    [InlineData("localhost", "")]
    [InlineData("[192.0.2.1]", "")]
    [InlineData("192.0.2.1", "")]
    [InlineData("", "")]
    [InlineData(".", "")]
    public void A_host_belongs_to_an_organisation(string host, string organisation) =>
        PeerSigns.Organisation(host).ToString().ShouldBe(organisation);

    [Theory]
    [InlineData("MX1.sender.test", "mx2.sender.test", TrustSigns.PeerIsReporting)]
    [InlineData("out.recipient.test", "mx.sender.test", TrustSigns.PeerIsRecipients)]
    [InlineData("mx.elsewhere.test", "mx.sender.test", TrustSigns.PeerIsAnother)]
    [InlineData("[192.0.2.1]", "mx.sender.test", TrustSigns.None)]
    [InlineData("localhost", "localhost", TrustSigns.None)]
    public void What_the_peer_calls_itself_is_held_against_the_report(string helo, string reportingMta, object signs) =>
        PeerSigns
            .Of(helo, reportingMta, new ConcernedRecipient(Sample.Plain(), "user@recipient.test", null, null, false))
            .ShouldBe((TrustSigns)signs);
}
