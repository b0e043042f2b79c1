namespace BounceMx.Verp;

/// <summary>The characters that the grammar turns on.</summary>
/// <param name="Delimiter">Parts prefix, payload, tags and signature: <c>+</c>.</param>
/// <param name="AtSign">Stands for the recipient's <c>@</c>, and before each escaped octet: <c>=</c>.</param>
internal readonly record struct VerpGrammar(char Delimiter, char AtSign);
