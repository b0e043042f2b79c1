using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tls;

/// <summary>What TLS logs: event ids 1100 to 1199.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(1100, LogLevel.Information, "Certificate in use: {Subject} from {Origin}, valid until {NotAfter:u}")]
    public static partial void CertificateTaken(ILogger logger, string subject, string origin, DateTimeOffset notAfter);

    [LoggerMessage(1101, LogLevel.Error, "{Fault}; the certificate loaded before, {Subject}, stays in use")]
    public static partial void CertificateKept(ILogger logger, string fault, string subject);

    [LoggerMessage(1102, LogLevel.Warning, "The certificate from {Origin} expires soon: {Subject}, valid until {NotAfter:u}")]
    public static partial void CertificateExpiresSoon(ILogger logger, string subject, string origin, DateTimeOffset notAfter);

    [LoggerMessage(1103, LogLevel.Error, "The certificate from {Origin} has expired and stays in use: {Subject}, valid until {NotAfter:u}")]
    public static partial void CertificateExpired(ILogger logger, string subject, string origin, DateTimeOffset notAfter);

    [LoggerMessage(1110, LogLevel.Debug, "{ConnectionId}: TLS with {Parameters}")]
    public static partial void Started(ILogger logger, string connectionId, TlsParameters parameters);

    [LoggerMessage(1111, LogLevel.Debug, "{ConnectionId}: TLS handshake failed: {Fault}: {Detail}")]
    public static partial void HandshakeFailed(ILogger logger, string connectionId, TlsFault fault, string detail);
}
