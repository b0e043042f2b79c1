using System.Net;

namespace BounceMx.Smtp.Proxy;

/// <summary>What a proxy says about the connection that it passes on.</summary>
/// <param name="Length">Octets of the header.</param>
/// <param name="Source">The client, IPv4 in its own form; <c>null</c> where the proxy does not name one, so that the socket's address stands.</param>
internal readonly record struct ProxyHeader(int Length, IPEndPoint? Source);
