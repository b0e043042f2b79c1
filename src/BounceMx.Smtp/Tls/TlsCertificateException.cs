namespace BounceMx.Smtp.Tls;

/// <summary>A certificate cannot be used. The message is one line for people that names the file and what is wrong with it.</summary>
public sealed class TlsCertificateException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it is the private key that cannot be used, rather than the certificate.</summary>
    public bool IsOfKey { get; init; }
}
