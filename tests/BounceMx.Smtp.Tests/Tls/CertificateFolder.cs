using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Tls;

/// <summary>A folder of PEM files that is gone after the test.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("bouncemx-tls-").FullName;

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }

    /// <summary>Writes NAME.pem and NAME.key.</summary>
    public TlsCertificateFiles Write(string name, TestCertificate certificate)
    {
        Write($"{name}.pem", certificate.ChainPem);
        Write($"{name}.key", certificate.KeyPem);
        return new TlsCertificateFiles(PathOf($"{name}.pem"), PathOf($"{name}.key"));
    }

    /// <summary>Makes a symbolic link, or turns it to another target.</summary>
    public void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.Delete(PathOf(name));
        File.CreateSymbolicLink(PathOf(name), target);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
