using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class NearWordsTests
{
    [Theory]
    [InlineData("550 5.1.0 <news@a.test>: Sender address rejected: User unknown in virtual mailbox table")]
    [InlineData("550 your domain does not exist")]
    [InlineData("550 Sender's account not found on this server")]
    [InlineData("550 5.7.1 SPF record for a.test does not exist")]
    [InlineData("535 5.7.8 Invalid user or password")]
    [InlineData("550 You are not a subscriber of this list; post refused")]
    [InlineData("554 no DNS record for your IP")]
    [InlineData("550 IP-Adresse unbekannt")]
    [InlineData("550 Dirección del remitente no existe")]
    [InlineData("550 Mailbox unavailable: quota exceeded")]
    [InlineData("550 The recipient was rejected by spam filter")]
    [InlineData("550 This server does not accept mail over 10 MB")]
    [InlineData("550 the message has been moved to quarantine")]
    [InlineData("550 Mailbox unavailable: the mail store is offline")]
    [InlineData("550 mailbox is temporarily unavailable")]
    [InlineData("550 User unknown (migration in progress)")]
    [InlineData("550 Reply-To address does not exist")]
    [InlineData("550 return address: user unknown")]
    [InlineData("550 no valid recipient in To: header")]
    [InlineData("550 a link in your message points to a domain that does not exist")]
    [InlineData("550 not a local recipient, relaying denied")]
    [InlineData("550 no such address; it was suppressed")]
    [InlineData("550 mailbox unavailable; 192.0.2.1 is listed")]
    [InlineData("550 差出人のメールアドレスが存在しません")]
    [InlineData("550 발신자 주소를 찾을 수 없습니다")]
    [InlineData("550 Gönderen adres bulunamadı")]
    public void What_is_said_of_the_sender_or_has_another_cause_removes_no_recipient(string diagnostic) =>
        Classify(diagnostic, status: null).Severity.ShouldNotBe(Severity.Hard);

    [Theory]
    [InlineData("450 4.1.2 <a@b.test>: Recipient address rejected: Domain not found", "4.1.2")]
    [InlineData("451 4.4.4 unable to route: dns lookup failure", "4.4.4")]
    [InlineData("451 4.3.0 mailbox server not found", "4.3.0")]
    public void A_4xx_that_may_pass_removes_no_recipient(string diagnostic, string status) =>
        Classify(diagnostic, status).Severity.ShouldBe(Severity.Soft);

    [Fact]
    public void A_status_that_names_the_sender_settles_it() =>
        Classify("553 5.1.8 No such user", "5.1.8").Reason.ShouldBe(BounceReason.Rejected);

    [Fact]
    public void A_status_that_names_the_recipient_settles_it() =>
        Classify("550 5.1.1 No such user; the sender may look it up", "5.1.1").Reason.ShouldBe(BounceReason.UserUnknown);

    [Theory]
    [InlineData("550 <spam@quota.test>: user unknown")]
    [InlineData("550 sender@b.test: user unknown")]
    [InlineData("550 User unknown; see https://b.test/spam")]
    [InlineData("550 No mailbox by that name is currently available")]
    public void What_hosts_and_mailboxes_are_called_turns_nothing(string diagnostic) =>
        Classify(diagnostic, status: null).Reason.ShouldBe(BounceReason.UserUnknown);

    [Theory]
    [InlineData(530)]
    [InlineData(535)]
    public void Who_is_unknown_in_answer_to_AUTH_is_who_logs_in(int reply) =>
        Classify($"{reply} user not found", status: null, reply).Reason.ShouldBe(BounceReason.SecurityError);

    [Fact]
    public void A_reply_code_is_turned_as_words_are() =>
        Classify("553 This sender is not wanted", status: null, 553).Reason.ShouldBe(BounceReason.Rejected);

    [Fact]
    public void The_evidence_says_what_turned_the_words() =>
        Classify("550 IP-Adresse unbekannt", status: null).Evidence.ShouldEndWith("(of the sender)");

    [Fact]
    public void No_rule_of_another_severity_becomes_hard_in_answer_to_RCPT()
    {
        string[] hard =
        [
            .. from rule in RuleBook.Default.Rules
            where rule.Reason.DefaultSeverity() != Severity.Hard && rule.When is null
            from example in rule.Examples
            where Classify(example, status: null).Severity == Severity.Hard
            select $"{rule.Id}: {example}",
        ];
        hard.ShouldBeEmpty();
    }

    private static Verdict Classify(string diagnostic, string? status, int? reply = null)
    {
        var recipient = new RecipientStatus
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
            Status =
                status is not null && EnhancedStatusCode.TryParse(Encoding.ASCII.GetBytes(status), out EnhancedStatusCode code)
                    ? code
                    : null,
            Diagnostic = diagnostic,
            Reply = reply is { } code3 ? new ReplyCode(code3) : null,
            Command = "RCPT",
        };
        return new BounceClassifier(RuleBook.Default).Classify(
            new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] },
            recipient
        );
    }
}
