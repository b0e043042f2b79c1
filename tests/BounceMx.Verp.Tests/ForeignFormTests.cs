namespace BounceMx.Verp.Tests;

/// <summary>The forms of other programs, each with the source of its syntax.</summary>
public sealed class ForeignFormTests
{
    private const string OurDomain = "bounces.example.com";
    private const string Uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private const string Md5 = "0123456789abcdef0123456789abcdef";
    private const string Sha1 = "0123456789abcdef0123456789abcdef01234567";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [OurDomain] });

    // SendGrid's own form begins as ours does by default, so it needs another prefix.
    private static readonly VerpCodec WithPrefix = new(new VerpOptions { Domains = [OurDomain], Prefix = "b" });
    private static readonly VerpCodec WithAll = new(
        new VerpOptions
        {
            Domains = [OurDomain],
            Prefix = "b",
            Templates = ["qmail", "mailtrain"],
        }
    );

    // Mailman 3, schema.cfg: verp_format: ${bounces}+${local}=${domain}; Postfix with XVERP and the default delimiters writes the same.
    [Theory]
    [InlineData("news-bounces+user=example.org", "user@example.org", "list:news")]
    [InlineData("big-news-bounces+user+x=example.org", "user+x@example.org", "list:big-news")]
    [InlineData("News-Bounces+a=b=Example.ORG", "a=b@Example.ORG", "list:News")]
    public void Reads_Mailman(string localPart, string recipient, string fields) =>
        ShouldRead(Codec, localPart, "mailman", recipient, fields);

    // Mailman 3, schema.cfg: verp_probe_format: $bounces+$token@$domain, the token a SHA-1 in hex (utilities/uid.py).
    [Fact]
    public void Reads_a_probe_of_Mailman() => ShouldRead(Codec, $"news-bounces+{Sha1}", "mailman", null, $"list:news token:{Sha1}");

    // Postfix, VERP_README: "owner-listname+user=domain".
    [Fact]
    public void Reads_Postfix() => ShouldRead(Codec, "owner-news+user=example.org", "postfix", "user@example.org", "list:news");

    // ezmlm-return(1): local-return-msgnum-box=domain.
    [Theory]
    [InlineData("news-return-42-user=example.org", "user@example.org", "list:news message:42")]
    [InlineData("news-digest-return-7-a-b=example.org", "a-b@example.org", "list:news-digest message:7")]
    public void Reads_ezmlm(string localPart, string recipient, string fields) => ShouldRead(Codec, localPart, "ezmlm", recipient, fields);

    // ezmlm-return(1): -return-warn-cookie-box=domain and -return-probe-cookie-box=domain; ezmlm-return.c: a number and a dot may come first.
    [Theory]
    [InlineData("news-return-warn-abcdefghijklmnopabcd-user=example.org", "list:news cookie:abcdefghijklmnopabcd")]
    [InlineData("news-return-warn-1234.abcdefghij-user=example.org", "list:news cookie:1234.abcdefghij")]
    [InlineData("news-return-probe-abcdefghijklmnopabcd-user=example.org", "list:news cookie:abcdefghijklmnopabcd")]
    [InlineData("news-return-receipt-abcdefghij-42-user=example.org", "list:news cookie:abcdefghij message:42")]
    public void Reads_warnings_and_probes_of_ezmlm(string localPart, string fields) =>
        ShouldRead(Codec, localPart, "ezmlm", "user@example.org", fields);

    // ezmlm-return(1): -return-receipt-cookie-msgnum- and, before VERP, -return-msgnum-.
    [Theory]
    [InlineData("news-return-receipt-abcdefghij-42-", "list:news cookie:abcdefghij message:42")]
    [InlineData("news-return-42-", "list:news message:42")]
    public void Reads_ezmlm_without_a_recipient(string localPart, string fields) => ShouldRead(Codec, localPart, "ezmlm", null, fields);

    // D. J. Bernstein, verp.txt: "God-SOS-owner-eric=silverton.berkeley.edu".
    [Fact]
    public void Reads_qmail_when_named() =>
        ShouldRead(WithAll, "big-news-owner-user=example.org", "qmail", "user@example.org", "list:big-news");

    // Sympa, List::get_bounce_address: join('==', user==a==domain, list, w or r or a tracking number).
    [Theory]
    [InlineData("bounce+user==a==example.org==news", "list:news")]
    [InlineData("bounce+user==a==example.org==big-news==w", "list:big-news kind:w")]
    [InlineData("bounce+user==a==example.org==news==r", "list:news kind:r")]
    [InlineData("bounce+user==a==example.org==news==4711", "list:news kind:4711")]
    public void Reads_Sympa(string localPart, string fields) => ShouldRead(Codec, localPart, "sympa", "user@example.org", fields);

    // As seen on the wire: bounces+61689-10be-kijitora=example.jp@.
    [Fact]
    public void Reads_SendGrid_with_another_prefix() =>
        ShouldRead(WithPrefix, "bounces+61689-10be-user=example.org", "sendgrid", "user@example.org", "account:61689 id:10be");

    // A token of the sender's own.
    [Theory]
    [InlineData($"bounces+{Uuid}")]
    [InlineData($"bounce+{Uuid}")]
    public void Reads_an_opaque_token(string localPart) => ShouldRead(Codec, localPart, "uuid", null, $"token:{Uuid}");

    // Discourse, lib/email/sender.rb: reply_by_email_address with "verp-" and 32 hex digits; lib/email/receiver.rb reads them.
    [Theory]
    [InlineData("replies", "discourse")]
    [InlineData("bounces", "discourse")]
    public void Reads_Discourse(string mailbox, string template) =>
        ShouldRead(Codec, $"{mailbox}+verp-{Md5}", template, null, $"mailbox:{mailbox} key:{Md5}");

    // Mautic, MailHelper::generateBounceEmail: +bounce_ and the hash of the statistics.
    [Fact]
    public void Reads_Mautic() => ShouldRead(Codec, "mail+bounce_5f3a0c1b2d4e6", "mautic", null, "mailbox:mail hash:5f3a0c1b2d4e6");

    // Odoo, addons/mail/models/mail_mail.py: '%s+%d-%s-%d@%s' with mail.id, mail.model, mail.res_id, or '%s+%d@%s'.
    [Theory]
    [InlineData("bounce+17-res.partner-3", "mail:17 model:res.partner record:3")]
    [InlineData("bounce+17", "mail:17")]
    public void Reads_Odoo(string localPart, string fields) => ShouldRead(Codec, localPart, "odoo", null, fields);

    // Mailtrain's VERP server: campaign.list.subscription.
    [Fact]
    public void Reads_Mailtrain_when_named() =>
        ShouldRead(WithAll, "rJ9aB-x.Sk_2.7Zq", "mailtrain", null, "campaign:rJ9aB-x list:Sk_2 subscription:7Zq");

    // As seen on the wire: bounce-5899542-1206365-user=dom@.
    [Fact]
    public void Reads_two_numbers_and_a_recipient() =>
        ShouldRead(Codec, "bounce-5899542-1206365-user=example.org", "numbered", "user@example.org", "message:5899542 list:1206365");

    // As seen on the wire: return-a31-271-272-user=dom=4@.
    [Fact]
    public void Reads_a_number_behind_the_domain() =>
        ShouldRead(
            Codec,
            "return-a31-271-272-user=example.org=4",
            "return",
            "user@example.org",
            "server:a31 campaign:271 subscriber:272 shard:4"
        );

    [Theory]
    [InlineData("bounce-{list}-{local}={domain}", "bounce-news-a-b=example.org", "a-b@example.org", "list:news")]
    [InlineData("{list}-back-{number}-{local}={domain}", "x-y-back-3-a=b=example.org", "a=b@example.org", "list:x-y number:3")]
    [InlineData("{campaign}.{list}.{subscriber}", "spring.news.17", null, "campaign:spring list:news subscriber:17")]
    [InlineData("{domain}/{local}", "example.org/user", "user@example.org", "")]
    [InlineData("v{token:hex8}", "v0011aaFF", null, "token:0011aaFF")]
    public void Reads_a_template_of_ones_own(string template, string localPart, string? recipient, string fields) =>
        ShouldRead(new VerpCodec(new VerpOptions { Templates = [template] }), localPart, template, recipient, fields);

    [Fact]
    public void The_fields_are_also_the_tags_in_their_order() =>
        Codec.Decode("news-return-42-user=example.org", OurDomain).ToAddress()!.Tags.ShouldBe(["news", "42"]);

    [Fact]
    public void Quotes_a_recipient_that_needs_quotes() =>
        Codec.Decode("news-bounces+a b=example.org", OurDomain).ToAddress()!.Recipient.ShouldBe("\"a b\"@example.org");

    [Fact]
    public void Reads_a_recipient_of_other_letters() =>
        Codec.Decode("news-bounces+jörg=bücher.example", OurDomain).ToAddress()!.Recipient.ShouldBe("jörg@bücher.example");

    [Theory]
    [InlineData("news-bounces")]
    [InlineData("news-bounces+")]
    [InlineData("news-bounces+user")]
    [InlineData("-bounces+user=example.org")]
    [InlineData("a+b-bounces+user=example.org")]
    [InlineData("news-bounces+user=")]
    [InlineData("news-bounces+=example.org")]
    [InlineData("news-bounces+user=exa_mple.org")]
    [InlineData("news-bounces+user=-example.org")]
    [InlineData("news-bounces+user=example.org+x")]
    [InlineData($"news-bounces+{Sha1}0")]
    [InlineData("news-return-x-user=example.org")]
    [InlineData("news-return-42-user")]
    [InlineData("news-return-warn--user=example.org")]
    [InlineData("bounce+user=a=example.org=news")]
    [InlineData("bounce+user==a==example.org")]
    [InlineData("bounce+user==a==example.org==news==")]
    [InlineData("bounce+0f8fad5b-d9cb-469f-a165-70867728950")]
    [InlineData("bounce+0f8fad5bxd9cb-469f-a165-70867728950e")]
    [InlineData("bounce+17-res.partner-x")]
    [InlineData("mail+bounce_")]
    [InlineData($"replies+verp-{Md5}0")]
    [InlineData("return-a31-271-272-user=example.org")]
    [InlineData("bounce-a-1206365-user=example.org")]
    [InlineData("john.q.public")]
    [InlineData("home-owner-user=example.org")]
    [InlineData("news-bounces+us\ter=example.org")]
    public void A_near_miss_is_refused(string localPart) => Codec.Decode(localPart, OurDomain).IsAccepted.ShouldBeFalse();

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Reads_up_to_128_octets(int octets, bool accepted)
    {
        const string frame = "news-bounces+=a.example";
        string localPart = frame.Replace("+", "+" + new string('x', octets - frame.Length), StringComparison.Ordinal);
        Codec.Decode(localPart, OurDomain).IsAccepted.ShouldBe(accepted);
    }

    [Fact]
    public void What_our_own_form_reads_no_template_does() =>
        Codec.Decode($"bounces+user=example.org+{Uuid}", OurDomain).Form.ShouldBe(VerpForm.Plain);

    [Fact]
    public void A_template_is_asked_before_an_address_counts_as_plain() =>
        new VerpCodec(new VerpOptions { Templates = ["bounces-{list}-{local}={domain}"] })
            .Decode("bounces-news-user=example.org", OurDomain)
            .Form.ShouldBe(VerpForm.Template);

    [Fact]
    public void Is_never_signed()
    {
        var codec = new VerpCodec(new VerpOptions { Keys = [new VerpKey('1', "sixteen octets.."u8)] });
        VerpDecoding decoding = codec.Decode("news-bounces+user=example.org", OurDomain);
        (decoding.Form, decoding.IsSigned).ShouldBe((VerpForm.Template, false));
    }

    [Theory]
    [InlineData("news-bounces+user=example.org")]
    [InlineData("bounce+user==a==example.org==news==w")]
    [InlineData("somebody-else")]
    [InlineData("-return--return--return--bounces+-bounces+=====")]
    [InlineData($"SRS0=K9aZ=7T={OurDomain}=prvs=0123a1b2c3=bounces+user=example.org")]
    [InlineData($"prvs=0123a1b2c3=SRS0=K9aZ=7T={OurDomain}=news-return-42-user=example.org")]
    public void Allocates_nothing(string localPart)
    {
        _ = Codec.Decode(localPart, OurDomain);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Codec.Decode(localPart, OurDomain);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void ShouldRead(VerpCodec codec, string localPart, string template, string? recipient, string fields)
    {
        VerpDecoding decoding = codec.Decode(localPart, OurDomain);
        (decoding.Fault, decoding.Form, decoding.Template).ShouldBe((DecodingFault.None, VerpForm.Template, template));
        VerpAddress address = decoding.ToAddress()!;
        address.Recipient.ShouldBe(recipient);
        string.Join(' ', address.Fields!.Select(field => $"{field.Key}:{field.Value}")).ShouldBe(fields);
    }
}
