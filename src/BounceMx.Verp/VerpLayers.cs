namespace BounceMx.Verp;

/// <summary>What another mail system put around a bounce address.</summary>
public enum VerpLayer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>SRS0, by the first forwarder: <c>SRS0=HHHH=TT=host=local@</c>.</summary>
    Srs0,

    /// <summary>SRS1, by a later forwarder.</summary>
    Srs1,

    /// <summary>BATV's <c>prvs=</c>, in any of its variants.</summary>
    Prvs,

    /// <summary>The <c>btv1==</c> form of BATV.</summary>
    Btv1,
}

/// <summary>The layers that were peeled off a bounce address, the outermost first; at most three. It is a value and takes no memory of its own.</summary>
public readonly record struct VerpLayers
{
    /// <summary>How many layers are peeled at most.</summary>
    public const int Max = 3;
    private const int Bits = 8;
    private readonly int _packed;

    private VerpLayers(int packed) => _packed = packed;

    /// <summary>How many there are, 0 to 3.</summary>
    public int Count =>
        _packed == 0 ? 0
        : _packed < 1 << Bits ? 1
        : _packed < 1 << (2 * Bits) ? 2
        : 3;

    /// <summary>The layer, 0 being the outermost; <see cref="VerpLayer.None"/> where there is none.</summary>
    /// <param name="index">0 to 2.</param>
    public VerpLayer this[int index] => (VerpLayer)((_packed >> (index * Bits)) & 0xFF);

    /// <summary>A copy, the outermost first; allocates.</summary>
    public VerpLayer[] ToArray()
    {
        var layers = new VerpLayer[Count];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = this[i];
        return layers;
    }

    /// <summary>The layers, with one more inside them.</summary>
    internal VerpLayers With(VerpLayer inner) => new(_packed | ((int)inner << (Count * Bits)));
}
