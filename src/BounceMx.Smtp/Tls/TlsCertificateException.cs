namespace BounceMx.Smtp.Tls;

/// <summary>A certificate cannot be used. The message is one line for people that names the file and what is wrong with it.</summary>
public sealed class TlsCertificateException(string message, Exception? inner = null) : Exception(message, inner);
