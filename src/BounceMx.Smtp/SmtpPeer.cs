using System.Net;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="Address">The address of the client; IPv4 in its own form, not mapped into IPv6.</param>
/// <param name="ConnectionId">What the log calls the connection.</param>
/// <param name="Lease">Its place with the limits on peers.</param>
internal sealed record SmtpPeer(IPAddress Address, string ConnectionId, PeerLease Lease);
