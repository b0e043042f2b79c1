using System.ComponentModel.DataAnnotations;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>Section <c>Verp</c>: which addresses are ours, and by what they are proven. Read at start; another key needs a restart.</summary>
internal sealed class VerpSettings
{
    /// <summary>What bounce addresses begin with: <c>bounces+user=recipient.example@</c>.</summary>
    [VerpOption(nameof(VerpOptions.Prefix))]
    public string Prefix { get; set; } = "bounces";

    /// <summary>What parts prefix, recipient and tags, and what stands for the recipient's <c>@</c>, as Postfix's default_verp_delimiters.</summary>
    [VerpOption(nameof(VerpOptions.Delimiters))]
    public string Delimiters { get; set; } = "+=";

    /// <summary>The bounce domains. Empty: bounce addresses of any domain are taken, which is for trying out only.</summary>
    [VerpOption(nameof(VerpOptions.Domains))]
    public string[] Domains { get; set; } = [];

    /// <summary>
    /// A file with a key on each line, <c>ID:HEX</c>, as <c>bouncemx verp keygen</c> writes it; relative to the configuration file's folder. The first
    /// key signs, all verify. Empty, and no <see cref="Keys"/>: signatures are not checked.
    /// </summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Keys in the same form, before those of the file. The file is the better place: this is shown to whoever may read the configuration.</summary>
    [VerpKeyText]
    public string[] Keys { get; set; } = [];

    /// <summary>For how long a signature holds, in whole days. Default: 30, which outlives queues (mostly 5 days) and late bounces.</summary>
    [VerpOption(nameof(VerpOptions.MaxAge))]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Other programs' forms that are read, too: by name, as <c>ezmlm</c>, or as text, as <c>bounce-{list}-{local}={domain}</c>.</summary>
    public string[] Templates { get; set; } = [];

    /// <summary>The streams of plain addresses, <c>news</c> for <c>bounces-news@</c>. Empty: any. <c>bounces@</c> itself is always there.</summary>
    [RegularExpression("[!-~]{1,64}", ErrorMessage = "1 to 64 printable ASCII characters")]
    public string[] Streams { get; set; } = [];

    /// <summary>
    /// The domains that mail of ours is from: in its From, its Message-ID or a DKIM signature; subdomains count. What a report returns that is from none
    /// of them is suspect. Empty: that is not looked at.
    /// </summary>
    [VerpOption(nameof(VerpOptions.Domains))]
    public string[] SenderDomains { get; set; } = [];

    /// <summary>The same as the codec takes it.</summary>
    /// <param name="keys">The keys of <see cref="Keys"/> and <see cref="KeyFile"/>.</param>
    public VerpOptions ToOptions(IReadOnlyList<VerpKey>? keys = null) =>
        new()
        {
            Prefix = Prefix,
            Delimiters = Delimiters,
            Domains = Domains,
            Keys = keys ?? [],
            MaxAge = MaxAge,
            Templates = Templates,
        };
}

/// <summary>The value passes <see cref="VerpOptions.Check"/> as this option.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VerpOptionAttribute(string option) : ValidationAttribute
{
    public override bool IsValid(object? value) => Check(value) is null;

    // The empty value breaks every rule, and what is allowed does not depend on the value.
    public override string FormatErrorMessage(string name) => Check(value: null)?.Allowed ?? "";

    private VerpOptionsFault? Check(object? value)
    {
        string text = value as string ?? "";
        VerpOptions options = option switch
        {
            nameof(VerpOptions.Prefix) => new() { Prefix = text },
            nameof(VerpOptions.Delimiters) => new() { Delimiters = text },
            nameof(VerpOptions.MaxAge) => new() { MaxAge = value as TimeSpan? ?? TimeSpan.Zero },
            _ => new() { Domains = [text] },
        };
        return options.Check() is [var fault, ..] ? fault : null;
    }
}

/// <summary>The value is one key as text. What is wrong with it is not said in detail: the value is a secret, and shown masked.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VerpKeyTextAttribute()
    : ValidationAttribute("a key as ID:HEX, its id one of 0-9 and a-v, its secret at least 32 hexadecimal digits (16 octets)")
{
    public override bool IsValid(object? value) =>
        value is string text && VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out _) && keys.Count == 1;
}
