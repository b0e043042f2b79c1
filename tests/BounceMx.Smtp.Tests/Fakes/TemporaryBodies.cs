using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp.Tests.Fakes;

/// <summary>A place for bodies that is gone after the test.</summary>
internal sealed class TemporaryBodies : IDisposable
{
    private static readonly Lazy<TemporaryBodies> OfAll = new(() =>
    {
        var bodies = new TemporaryBodies();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => bodies.Dispose();
        return bodies;
    });

    public TemporaryBodies(BodyLimits? limits = null)
    {
        Folder = Directory.CreateTempSubdirectory("bouncemx-").FullName;
        Store = new BodyStore(Folder, limits ?? new BodyLimits());
    }

    /// <summary>For tests that do not look at it.</summary>
    public static BodyStore Shared => OfAll.Value.Store;

    public string Folder { get; }

    public BodyStore Store { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
