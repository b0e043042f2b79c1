using System.Collections.Frozen;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>What RCPT is answered.</summary>
/// <param name="Result">How it is counted.</param>
/// <param name="Refusal">The reply; <c>null</c> when the recipient is accepted.</param>
/// <param name="Signature">What became of the signature.</param>
/// <param name="IsMarked">Whether it is accepted with a mark.</param>
internal readonly record struct Admission(
    VerpResult Result,
    SmtpReply? Refusal,
    SignatureOutcome Signature = SignatureOutcome.NotChecked,
    bool IsMarked = false
);

/// <summary>
/// Decides at RCPT time which bounce addresses get in, by the policy of their domain.
/// Does: all of it in memory, without an allocation. Does not: decode (<see cref="VerpCodec"/>), or judge the message that follows.
/// </summary>
internal sealed class BounceDoor
{
    private readonly bool _hasKeys;
    private readonly DoorSettings _policy;
    private readonly FrozenDictionary<string, DoorSettings>.AlternateLookup<ReadOnlySpan<char>> _policies;
    private readonly FrozenSet<string> _streams;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _streamLookup;

    /// <summary>Prepares the door.</summary>
    /// <param name="hasKeys">Whether signatures are checked.</param>
    /// <param name="policy">The policy of domains without one of their own.</param>
    /// <param name="policies">The policies of domains that have one.</param>
    /// <param name="streams">The plain streams that there are; empty for any.</param>
    public BounceDoor(
        bool hasKeys,
        DoorSettings policy,
        IReadOnlyDictionary<string, DoorSettings>? policies = null,
        IReadOnlyCollection<string>? streams = null
    )
    {
        (_hasKeys, _policy) = (hasKeys, policy);
        _policies = (policies ?? FrozenDictionary<string, DoorSettings>.Empty)
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _streams = (streams ?? []).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _streamLookup = _streams.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What becomes of a decoded address, by the policy of its own domain, not of a forwarder's around it.</summary>
    public Admission Judge(in VerpDecoding decoding) =>
        decoding.Fault switch
        {
            DecodingFault.NotOurs => new(VerpResult.NotOurs, SmtpReplies.NoRelaying),
            DecodingFault.UnknownPrefix => new(VerpResult.UnknownPrefix, SmtpReplies.NoSuchRecipient),
            DecodingFault.Malformed => new(VerpResult.Malformed, SmtpReplies.NoSuchRecipient),
            DecodingFault.UnknownKey => ByPolicy(VerpResult.UnknownKey, SignatureOutcome.Bad, decoding.BounceDomain),
            DecodingFault.BadSignature => ByPolicy(VerpResult.BadSignature, SignatureOutcome.Bad, decoding.BounceDomain),
            DecodingFault.Expired => ByPolicy(VerpResult.Expired, SignatureOutcome.Expired, decoding.BounceDomain),
            _ when decoding.IsSigned => new(VerpResult.Signed, null, SignatureOutcome.Valid),
            _ when IsUnknownStream(decoding.Stream) => new(VerpResult.UnknownStream, SmtpReplies.NoSuchRecipient),
            _ => ByPolicy(Unsigned(decoding), WithoutSignature, decoding.BounceDomain),
        };

    /// <summary>What becomes of postmaster and abuse: mail to them is never refused (RFC 5321 section 4.5.1), and no more proven than any other.</summary>
    public Admission JudgeRole(ReadOnlySpan<char> domain)
    {
        Admission admission = ByPolicy(VerpResult.Role, WithoutSignature, domain);
        return admission with { Refusal = null, IsMarked = admission.IsMarked || admission.Refusal is not null };
    }

    private SignatureOutcome WithoutSignature => _hasKeys ? SignatureOutcome.Unsigned : SignatureOutcome.NotChecked;

    private Admission ByPolicy(VerpResult result, SignatureOutcome signature, ReadOnlySpan<char> domain) =>
        PolicyOf(domain).For(signature) switch
        {
            DoorPolicy.Refuse => new(result, SmtpReplies.BadSignature, signature),
            DoorPolicy.Mark => new(result, null, signature, IsMarked: true),
            _ => new(result, null, signature),
        };

    private DoorSettings PolicyOf(ReadOnlySpan<char> domain) => _policies.TryGetValue(domain, out DoorSettings? policy) ? policy : _policy;

    private bool IsUnknownStream(ReadOnlySpan<char> stream) => !stream.IsEmpty && _streams.Count > 0 && !_streamLookup.Contains(stream);

    private static VerpResult Unsigned(in VerpDecoding decoding) =>
        decoding.Template is not null ? VerpResult.Foreign
        : decoding.Form is VerpForm.None ? VerpResult.Plain
        : VerpResult.Unsigned;
}
