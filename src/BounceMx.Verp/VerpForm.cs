namespace BounceMx.Verp;

/// <summary>In which form a bounce address names the recipient.</summary>
public enum VerpForm
{
    /// <summary>It names none: a plain bounce address, <c>bounces@</c> or, with a stream, <c>bounces-news@</c>.</summary>
    None,

    /// <summary><c>bounces+user=example.org@</c>: readable by anybody, also by other programs.</summary>
    Plain,

    /// <summary><c>bounces+=j=c3=b6rg=40example.org@</c>: what is not a letter, digit, dot, underscore or hyphen is in hex.</summary>
    Escaped,

    /// <summary><c>bounces+~v3m0k5d1r8c2q7t4@</c>: a hash, which <see cref="VerpCodec.Confirms"/> compares with a recipient.</summary>
    Hashed,

    /// <summary>Another program's, read by a template of <see cref="VerpOptions.Templates"/>.</summary>
    Template,
}
