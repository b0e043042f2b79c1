namespace BounceMx.Smtp.Tls;

/// <summary>Where a certificate is kept.</summary>
/// <param name="CertificateFile">PEM: the server's certificate first, then its intermediates (certbot's <c>fullchain.pem</c>).</param>
/// <param name="KeyFile">PEM: the private key, not encrypted (certbot's <c>privkey.pem</c>). May be the same file.</param>
public sealed record TlsCertificateFiles(string CertificateFile, string KeyFile);
