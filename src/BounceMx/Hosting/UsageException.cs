namespace BounceMx.Hosting;

/// <summary>Wrong usage, input or configuration: the message is one line that names what to change; the program ends with exit code 2.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
