namespace BounceMx.Admin;

/// <summary>A part of the server that can be unwell, beside the spool and the sinks. Any thread may ask; the answer must cost next to nothing.</summary>
/// <param name="Subject">What the fault is about, a word or two.</param>
/// <param name="Fault">What is not well, for people; <c>null</c> when all is.</param>
internal sealed record HealthCheck(string Subject, Func<string?> Fault);
