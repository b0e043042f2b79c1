using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>Automatic answers that say that nobody will read the mailbox again.</summary>
public sealed class GivenUpMailboxTests
{
    [Theory]
    [InlineData("This e-mail address is no longer in use.")]
    [InlineData("The mailbox has been\ndeactivated.")]
    [InlineData("The e-mail address you have written to is no longer in use.")]
    [InlineData("Diese Adresse ist leider nicht mehr gültig.")]
    [InlineData("Thank you. Eve no longer works at Example Ltd. Write to Dan.")]
    [InlineData("Diese E-Mail-Adresse existiert nicht mehr.")]
    [InlineData("Frau Muster ist nicht mehr im Unternehmen.")]
    [InlineData("このメールアドレスは現在使用しておりません。")]
    public void Are_a_failure_with_that_sentence_for_a_diagnostic(string text)
    {
        DeliveryReport report = Read(text);

        report.Kind.ShouldBe(ReportKind.Bounce);
        report.Recipients.ShouldHaveSingleItem().Diagnostic!.Length.ShouldBeLessThanOrEqualTo(text.Length);
    }

    [Theory]
    [InlineData("This mailbox is not monitored.")]
    [InlineData("Our summer offer is no longer valid.")]
    [InlineData("I am on vacation. Dan no longer works here.")]
    [InlineData("I am away until Monday; my address eve@x.test is no longer in use then.")]
    [InlineData("This mailbox is no longer monitored.")]
    [InlineData("If the link below no longer works please open a new ticket.")]
    [InlineData("If you no longer work for us or this address is no longer in use, tell us.")]
    [InlineData("This email confirms that your ticket 4711 has been closed.")]
    [InlineData("The offer in your email is no longer available.")]
    [InlineData("The address of our office in Old Street does not exist anymore.")]
    [InlineData("My colleague Bob is no longer with us, so I answer his mails.")]
    [InlineData("Wenn Ihre E-Mail-Adresse nicht mehr gültig ist, schreiben Sie uns.")]
    [InlineData("Ce produit ne fait plus partie de notre gamme.")]
    public void Are_told_from_answers_of_somebody_who_reads_later(string text) => Read(text).Kind.ShouldBe(ReportKind.AutoReply);

    [Fact]
    public void Are_about_the_address_that_they_name() =>
        Read("The address old@x.test is no longer in use, write to new@x.test.").Recipients[0].Recipient.ShouldBe("old@x.test");

    [Theory]
    [InlineData("This address is no longer in use.")]
    [InlineData("Please write to jane@new.test from now on, because my old mailbox is no longer in use.")]
    [InlineData("Eve is no longer with the company, please contact carol@shop.test.")]
    public void Are_else_about_who_is_to_be_answered(string text) => Read(text).Recipients[0].Recipient.ShouldBe("eve@x.test");

    private static DeliveryReport Read(string text) =>
        ReportReader.Read(
            MimeReader.Read(
                Encoding.UTF8.GetBytes(
                    $"From: robot@x.test\nReply-To: eve@x.test\nSubject: Re: News\nAuto-Submitted: auto-replied\n\n{text}\n"
                )
            )
        );
}
