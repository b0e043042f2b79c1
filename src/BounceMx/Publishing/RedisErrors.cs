using System.Net.Sockets;
using StackExchange.Redis;

namespace BounceMx.Publishing;

/// <summary>
/// What Redis' errors mean. Those of the table are about the server, whatever was sent: the same batch is tried again until they pass. Any other
/// answer is about the call that it answers, and so about one event.
/// Known gap: an error that a later Redis gives to every call and that is not in the table is seen for what it is only when it comes to
/// a whole batch.
/// </summary>
internal static class RedisErrors
{
    /// <summary>An error about the server.</summary>
    /// <param name="Code">What its answer begins with.</param>
    /// <param name="Meaning">What it means and what to do about it.</param>
    /// <param name="IsOfConnection">Whether only a new connection asks again for what the server said no to: its role, or the password.</param>
    private sealed record Entry(string Code, string Meaning, bool IsOfConnection = false);

    // https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; the codes are those of server.c and cluster.c.
    private static readonly Entry[] Table =
    [
        new("OOM", "maxmemory is reached and nothing may be evicted: free memory, raise maxmemory or lower Redis:MaxLength"),
        new("MISCONF", "it cannot save to its disk and takes no writes until it can: see its log"),
        new("READONLY", "it is a replica: name the master in Redis:Configuration", IsOfConnection: true),
        new("LOADING", "it is loading its data, which passes by itself"),
        new("NOSCRIPT", "it forgot the script, which is sent again"),
        new("BUSY", "somebody's script does not end: SCRIPT KILL ends it"),
        new("UNKILLABLE", "somebody's script does not end and has written already: SHUTDOWN NOSAVE ends it"),
        new("MASTERDOWN", "it is a replica that lost its master", IsOfConnection: true),
        new("NOREPLICAS", "fewer replicas are connected than min-replicas-to-write asks for"),
        new("CLUSTERDOWN", "the cluster is down"),
        new("TRYAGAIN", "the cluster moves the keys, which passes by itself"),
        new("MOVED", "it is a cluster, and the keys are on another node", IsOfConnection: true),
        new("ASK", "it is a cluster, and the keys are moving to another node"),
        new("CROSSSLOT", "it is a cluster: put a hash tag into Redis:Prefix, such as {bounces}"),
        new("NOAUTH", "it wants a password: password=… in Redis:Configuration", IsOfConnection: true),
        new("WRONGPASS", "the password in Redis:Configuration is not, or no longer, right", IsOfConnection: true),
        new(
            "NOPERM",
            "the user needs the commands EVAL EVALSHA SCRIPT EXISTS XADD SET, and the keys of Redis:Prefix",
            IsOfConnection: true
        ),
        new("WRONGTYPE", "a stream's key holds something else: rename that key, or choose another Redis:Prefix"),
        new("EXECABORT", "it gave up a transaction"),
        new("ERR max number of clients", "maxclients is reached", IsOfConnection: true),
    ];

    // Before version 7 what a command within the script said stands behind these words.
    private const string InScript = "ERR Error running script";

    /// <summary>What an answer says about the server, and what to do about it; <c>null</c> for one that is about its call.</summary>
    public static string? MeaningOf(string answer) => Find(answer)?.Meaning;

    /// <summary>
    /// Whether an error is about this very call: the server's no to it, or a fault of ours before it was sent, such as an event that cannot be read,
    /// which would come again at each try.
    /// </summary>
    public static bool IsRefusal(Exception exception) =>
        exception switch
        {
            RedisServerException => Find(exception.Message) is null,
            RedisException or RedisCommandException or TimeoutException or OperationCanceledException => false,
            ObjectDisposedException or IOException or SocketException or OutOfMemoryException => false,
            _ => true,
        };

    /// <summary>Whether the next try needs a connection of its own.</summary>
    public static bool IsOfConnection(Exception exception) =>
        exception is RedisCommandException || (exception is RedisServerException && Find(exception.Message) is { IsOfConnection: true });

    /// <summary>The error with what it means, for people.</summary>
    public static string Explain(Exception exception) =>
        exception switch
        {
            RedisServerException when Find(exception.Message) is { } entry => $"Redis: {entry.Meaning} ({exception.Message})",
            TimeoutException => "Redis does not answer in time (Redis:Timeout); what it took nevertheless is not added twice",
            RedisCommandException => $"Redis takes no writes here, as a replica does not ({exception.Message})",
            _ => $"Redis: {exception.Message}",
        };

    private static Entry? Find(string message) =>
        Array.Find(
            Table,
            message.StartsWith(InScript, StringComparison.Ordinal)
                ? entry => Holds(message, entry.Code)
                : entry => Begins(message, entry.Code)
        );

    private static bool Begins(string message, string code) =>
        message.StartsWith(code, StringComparison.Ordinal) && (message.Length == code.Length || message[code.Length] == ' ');

    private static bool Holds(string message, string code) =>
        message.Split([' ', ':', '-'], StringSplitOptions.RemoveEmptyEntries).Contains(code, StringComparer.Ordinal);
}
