using System.Collections.Frozen;

namespace BounceMx.Verp;

/// <summary>A template that has a name. A program that writes several patterns has them all under one name.</summary>
internal sealed record BuiltInTemplate(string Name, bool IsDefault, IReadOnlyList<VerpTemplate> Patterns);

/// <summary>
/// The bounce addresses of known programs. Those whose fixed text is their own are read by default; one that would take in almost any
/// local part, or whose text may well be part of a list's name, is read only if it is named. The patterns of one program are tried in their
/// order.
/// </summary>
internal static class BuiltInTemplates
{
    public static readonly IReadOnlyList<BuiltInTemplate> All =
    [
        // ezmlm-return(1), and ezmlm-return.c for the number before the cookie. Without a recipient: old messages, and bounces of receipts.
        Default(
            "ezmlm",
            "{list}-return-{message:number}-{local}={domain}",
            "{list}-return-warn-{cookie:name}-{local}={domain}",
            "{list}-return-probe-{cookie:name}-{local}={domain}",
            "{list}-return-receipt-{cookie:name}-{message:number}-{local}={domain}",
            "{list}-return-receipt-{cookie:name}-{message:number}-",
            "{list}-return-{message:number}-"
        ),
        // Mailman 3's schema.cfg, verp_format and verp_probe_format, with its tokens of SHA-1; the same in Mailman 2's Defaults.py. This is
        // also Postfix's form for a list whose envelope sender is list-bounces@ (VERP_README, default_verp_delimiters).
        Default("mailman", "{list}-bounces+{local}={domain}", "{list}-bounces+{token:hex40}"),
        // Postfix's VERP_README: owner-listname+user=domain@.
        Default("postfix", "owner-{list}+{local}={domain}"),
        // D. J. Bernstein, "Variable Envelope Return Paths" (verp.txt): list-owner-user=domain@.
        // Sympa's List::get_bounce_address; what is behind the list is w (welcome), r (remind) or the number that tracks the message
        // (Sympa::Spindle::ProcessBounce).
        Default("sympa", "bounce+{local}==a=={domain}=={list}", "bounce+{local}==a=={domain}=={list}=={kind:name}"),
        // SendGrid, as seen on the wire: bounces+61689-10be-user=example.jp@.
        Default("sendgrid", "bounces+{account:number}-{id:hex}-{local}={domain}"),
        // An opaque token that the sender looks up.
        Default("uuid", "bounces+{token:uuid}", "bounce+{token:uuid}"),
        // Discourse's lib/email/sender.rb: reply_by_email_address with verp- and SecureRandom.hex.
        Default("discourse", "{mailbox}+verp-{key:hex32}"),
        // Mautic's MailHelper::generateBounceEmail.
        Default("mautic", "{mailbox}+bounce_{hash:name}"),
        // Odoo's mail_mail.py: "%s+%d-%s-%d@%s" with mail.id, mail.model and mail.res_id, or the first alone.
        Default("odoo", "bounce+{mail:number}-{model:name}-{record:number}", "bounce+{mail:number}"),
        // Seen on the wire, of programs unknown: bounce-5899542-1206365-user=dom@ and return-a31-271-272-user=dom=4@.
        Default("numbered", "bounce-{message:number}-{list:number}-{local}={domain}"),
        Default("return", "return-{server:name}-{campaign:number}-{subscriber:number}-{local}={domain}={shard:number}"),
        // D. J. Bernstein, "Variable Envelope Return Paths" (verp.txt): list-owner-user=domain@. A list may be called home-owner-news.
        Named("qmail", "{list}-owner-{local}={domain}"),
        // Mailtrain's VERP server: campaign, list and subscription, with nothing that tells them from john.q.public@.
        Named("mailtrain", "{campaign}.{list}.{subscription}"),
    ];

    private static readonly FrozenDictionary<string, BuiltInTemplate> ByName = All.ToFrozenDictionary(
        template => template.Name,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The template of that name, in any case.</summary>
    public static BuiltInTemplate? Find(string name) => ByName.GetValueOrDefault(name);

    private static BuiltInTemplate Default(string name, params ReadOnlySpan<string> patterns) =>
        new(name, IsDefault: true, Parse(name, patterns));

    private static BuiltInTemplate Named(string name, params ReadOnlySpan<string> patterns) =>
        new(name, IsDefault: false, Parse(name, patterns));

    private static VerpTemplate[] Parse(string name, ReadOnlySpan<string> patterns)
    {
        var parsed = new VerpTemplate[patterns.Length];
        for (int i = 0; i < patterns.Length; i++)
            parsed[i] =
                TemplateSyntax.Parse(name, patterns[i], out string? fault) ?? throw new InvalidOperationException($"{name}: {fault}");
        return parsed;
    }
}
