namespace BounceMx.Verp.Tests;

public sealed class VerpLayersTests
{
    [Fact]
    public void An_address_has_none_by_default() => default(VerpLayers).Count.ShouldBe(0);

    [Fact]
    public void Keeps_three_in_their_order()
    {
        VerpLayers layers = default(VerpLayers).With(VerpLayer.Srs1).With(VerpLayer.Btv1).With(VerpLayer.Prvs);
        (layers.Count, layers[0], layers[1], layers[2]).ShouldBe((3, VerpLayer.Srs1, VerpLayer.Btv1, VerpLayer.Prvs));
    }

    [Fact]
    public void Where_there_is_none_there_is_none()
    {
        VerpLayers layers = default(VerpLayers).With(VerpLayer.Srs0);
        (layers.Count, layers[0], layers[1], layers[2]).ShouldBe((1, VerpLayer.Srs0, VerpLayer.None, VerpLayer.None));
    }
}
