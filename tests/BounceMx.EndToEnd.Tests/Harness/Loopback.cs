using System.Net;
using System.Net.Sockets;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// Free ports of 127.0.0.1. They lie below the ephemeral range (32768 on Linux), so that no outgoing connection of a load takes one
/// between the moment it was found and the moment its server listens.
/// </summary>
internal static class Loopback
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private static int s_next = Environment.ProcessId * 97 % Count;

    public static int FreePort()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_next) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
