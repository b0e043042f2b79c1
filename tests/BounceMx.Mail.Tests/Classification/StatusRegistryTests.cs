using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Tests.Classification;

/// <summary>The IANA registry "SMTP Enhanced Status Codes" against <see cref="StatusTable"/>.</summary>
public sealed class StatusRegistryTests
{
    /// <summary>Each subject with its registered details and the RFCs that registered them.</summary>
    public static TheoryData<int, int, string> Registry =>
        new()
        {
            { 0, 0, "RFC 3463" },
            { 1, 8, "RFC 3463 section 3.2" },
            { 1, 9, "RFC 3886" },
            { 1, 10, "RFC 7505" },
            { 2, 4, "RFC 3463 section 3.3" },
            { 3, 5, "RFC 3463 section 3.4" },
            { 3, 6, "RFC 6758" },
            { 4, 7, "RFC 3463 section 3.5" },
            { 5, 5, "RFC 3463 section 3.6" },
            { 5, 6, "RFC 4954" },
            { 6, 5, "RFC 3463 section 3.7" },
            { 6, 6, "RFC 4468" },
            { 6, 10, "RFC 6531" },
            { 7, 7, "RFC 3463 section 3.8" },
            { 7, 9, "RFC 4954" },
            { 7, 10, "RFC 5248" },
            { 7, 12, "RFC 4954" },
            { 7, 14, "RFC 5248" },
            { 7, 16, "RFC 6710" },
            { 7, 19, "RFC 7293" },
            { 7, 26, "RFC 7372" },
            { 7, 27, "RFC 7505" },
            { 7, 28, "the registry itself" },
            { 7, 29, "RFC 8617" },
            { 7, 30, "RFC 8689" },
        };

    /// <summary>Registered, but nothing that could be the cause of a failure: said of a success, or of anything.</summary>
    private static readonly (int Subject, int Detail)[] TellNothing =
    [
        (0, 0), // other, undefined
        (1, 5), // destination address valid
        (3, 6), // the requested priority was changed
        (5, 0), // other protocol status: whatever a gateway did not understand
    ];

    [Theory]
    [MemberData(nameof(Registry))]
    public void Every_registered_code_has_a_reason_or_tells_nothing(int subject, int lastDetail, string rfc)
    {
        for (int detail = 0; detail <= lastDetail; detail++)
        {
            bool tells = !TellNothing.Contains((subject, detail));
            foreach (int @class in new[] { 4, 5 })
                StatusTable
                    .Find(new EnhancedStatusCode(@class, subject, detail))
                    .HasValue.ShouldBe(tells, $"{@class}.{subject}.{detail}, {rfc}");
        }
    }

    [Theory]
    [InlineData(4, BounceReason.OnHold)]
    [InlineData(5, BounceReason.PolicyViolation)]
    public void Security_and_policy_without_a_detail_may_pass_or_not(int @class, BounceReason reason)
    {
        StatusTable.Find(new EnhancedStatusCode(@class, 7, 0)).ShouldBe(reason);
        StatusTable.Find(new EnhancedStatusCode(@class, 7, 1)).ShouldBe(reason);
    }
}
