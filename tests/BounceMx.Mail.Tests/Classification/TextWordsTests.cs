using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class TextWordsTests
{
    [Theory]
    [InlineData("perl", "a sperling", false)]
    [InlineData("full", "fully booked", false)]
    [InlineData("full", "it is full.", true)]
    [InlineData("full", "(full)", true)]
    [InlineData("full", "full-time", true)]
    [InlineData("user gone", "superuser gone", false)]
    [InlineData("ofr_41", "see OFR_416", false)]
    [InlineData("größe", "übergröße", false)]
    public void Words_begin_and_end_where_those_of_the_text_do(string rule, string text, bool holds) => Holds(rule, text).ShouldBe(holds);

    [Theory]
    [InlineData("such user", "no such users", true)]
    [InlineData("virus", "viruses", true)]
    [InlineData("exceed", "EXCEEDED", true)]
    [InlineData("throttle", "throttled", true)]
    [InlineData("limit", "limiting", true)]
    [InlineData("limit", "limitation", false)]
    [InlineData("limit", "limitings", false)]
    public void An_English_ending_is_no_other_word(string rule, string text, bool holds) => Holds(rule, text).ShouldBe(holds);

    [Theory]
    [InlineData("desconocid*", "desconocidos", true)]
    [InlineData("{desconocid*|llen*}", "lleno", true)]
    [InlineData("desconocid*", "indesconocido", false)]
    [InlineData("*konto", "benutzerkonto", true)]
    [InlineData("*konto", "kontor", false)]
    [InlineData("{*konto|postfach}*voll", "benutzerkonto ist voll", true)]
    [InlineData("konto*voll", "kontos sind voll", true)]
    [InlineData("konto*voll", "konto ist vollkommen", false)]
    public void A_star_says_that_the_word_goes_on(string rule, string text, bool holds) => Holds(rule, text).ShouldBe(holds);

    [Theory]
    [InlineData("不存在", "用户不存在的")]
    [InlineData("ユーザ", "該当ユーザー")]
    [InlineData("사용자", "사용자가")]
    [InlineData("full", "メールfullです")]
    public void Scripts_without_spaces_have_no_boundaries(string rule, string text) => Holds(rule, text).ShouldBeTrue();

    [Theory]
    [InlineData("550 <spam@b.test>: no")]
    [InlineData("550 no.spam@b.test no")]
    [InlineData("550 a@spam.test")]
    [InlineData("550 a@spam")]
    [InlineData("connect to mx.spam.example[192.0.2.1]:25: no")]
    [InlineData("for name=SPAM.EXAMPLE.NET type=A")]
    [InlineData("550 spam.example.net.")]
    [InlineData("550 <spam>... no")]
    [InlineData("550 see https://b.test/spam/why.html")]
    [InlineData("550 see http://spam.test")]
    public void What_hosts_and_mailboxes_are_called_counts_for_nothing(string text) => Holds("spam", text).ShouldBeFalse();

    [Theory]
    [InlineData("550 a@b.test: spam")]
    [InlineData("550 <a@b.test> spam")]
    [InlineData("550 refused.Spam is not wanted")]
    [InlineData("550 it is spam.")]
    [InlineData("550 spam, see https://b.test/why")]
    [InlineData("550 see https://b.test/why spam")]
    [InlineData("550 @ spam")]
    [InlineData("550 score 4.92: spam...")]
    public void What_stands_beside_a_name_counts(string text) => Holds("spam", text).ShouldBeTrue();

    [Theory]
    [InlineData("gone...... spam")]
    [InlineData("b.test.... spam")]
    [InlineData("@@@@ <<<< :// spam")]
    [InlineData("1.2.3.4.5.6 spam")]
    [InlineData("a..b..c spam")]
    [InlineData("5.7.1 4.92 e.g. spam")]
    public void What_is_no_name_hides_nothing(string text) => Holds("spam", text).ShouldBeTrue();

    [Fact]
    public void A_word_that_reaches_into_a_host_name_lacks_a_space() => Holds("user gone", "550 user gone.please look").ShouldBeTrue();

    [Fact]
    public void Words_that_reach_into_an_address_do_not_count() => Holds("user gone", "550 user gone@b.test").ShouldBeFalse();

    [Theory]
    [InlineData("*spamhaus*", "see https://www.spamhaus.org/query", true)]
    [InlineData("spamhaus.org", "see https://www.spamhaus.org/query", true)]
    [InlineData("p=nosuchuser*", "see https://mail.test/?p=NoSuchUserAtAll", true)]
    [InlineData("spamhaus", "see https://www.spamhaus.org/query", false)]
    public void A_rule_can_mean_a_name(string rule, string text, bool holds) => Holds(rule, text).ShouldBe(holds);

    private static bool Holds(string rule, string text)
    {
        RecipientStatus recipient = new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Diagnostic = text,
        };
        DeliveryReport report = new() { Kind = ReportKind.Bounce, Recipients = [recipient] };
        return new BounceClassifier(Books.Load(Books.Rule(text: rule))).Classify(report, recipient).RuleId == "x.rule";
    }
}
