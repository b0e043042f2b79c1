using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace BounceMx.Publishing;

/// <summary>Section <c>Redis</c>: the streams.</summary>
internal sealed class RedisOptions
{
    /// <summary>Host, port and options as StackExchange.Redis reads them (<c>localhost:6379,password=…</c>); empty turns the streams off.</summary>
    [RedisConfiguration]
    public string Configuration { get; set; } = "";

    /// <summary>What the keys begin with: <c>bounces:events</c>, <c>bounces:quarantine</c>, <c>bounces:dedup:ID</c>.</summary>
    [RegularExpression("[!-~]{1,64}", ErrorMessage = "1 to 64 printable ASCII characters")]
    public string Prefix { get; set; } = "bounces";

    /// <summary>Entries that a stream keeps at least (<c>MAXLEN ~</c>); older ones are trimmed. A million of a 4 KiB bounce are 2.7 GiB.</summary>
    [Range(1, long.MaxValue, ErrorMessage = "1 or more")]
    public long MaxLength { get; set; } = 1_000_000;

    /// <summary>
    /// How long an event id is remembered. Default 7 days: longer than a sender's queue keeps a bounce (RFC 5321 section 4.5.4.1: 4 to 5
    /// days), so that the same bounce delivered twice is one event.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "00:01:00 to 365.00:00:00 (d.hh:mm:ss)")]
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a batch may take before its outcome counts as unknown and it is sent again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ErrorMessage = "00:00:00.100 to 00:10:00 (hh:mm:ss)")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>The value is empty, or names a host in StackExchange.Redis' syntax and no option that it does not know.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RedisConfigurationAttribute()
    : ValidationAttribute("HOST:PORT and options as StackExchange.Redis reads them, such as localhost:6379,password=…")
{
    public override bool IsValid(object? value)
    {
        if (value is not string { Length: > 0 } text)
            return true;
        try
        {
            // A URL would be taken for a host name.
            return !text.Contains("://", StringComparison.Ordinal) && ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
