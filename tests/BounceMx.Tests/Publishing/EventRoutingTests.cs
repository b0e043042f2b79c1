using BounceMx.Pipeline;
using BounceMx.Publishing;

namespace BounceMx.Tests.Publishing;

public sealed class EventRoutingTests
{
    [Theory]
    [InlineData("bounce", "proven", false, false)]
    [InlineData("bounce", "likely", false, false)]
    [InlineData("bounce", "unproven", false, true)]
    [InlineData("complaint", "unproven", false, true)]
    [InlineData("bounce", "suspect", true, true)]
    [InlineData("other", "proven", true, true)]
    public void Nobody_should_act_on_it_unseen(string type, string trust, bool withoutKeys, bool withKeys)
    {
        BounceEvent e = Sample.Event("a") with { Type = type, Trust = trust };
        new EventRouting(hasKeys: false).IsQuarantined(e).ShouldBe(withoutKeys);
        new EventRouting(hasKeys: true).IsQuarantined(e).ShouldBe(withKeys);
    }
}
