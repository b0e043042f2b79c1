namespace BounceMx.Smtp.Tls;

/// <summary>What a TLS session has agreed on.</summary>
/// <param name="Protocol"><c>TLSv1.2</c> or <c>TLSv1.3</c>.</param>
/// <param name="CipherSuite">The IANA name, such as <c>TLS_AES_256_GCM_SHA384</c>.</param>
public sealed record TlsParameters(string Protocol, string CipherSuite)
{
    /// <summary>Both, as in <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>.</summary>
    public override string ToString() => $"{Protocol} {CipherSuite}";
}
