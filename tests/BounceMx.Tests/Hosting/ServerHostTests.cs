using System.Net;
using System.Net.Sockets;
using BounceMx.Hosting;
using BounceMx.Smtp;
using BounceMx.Verp;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BounceMx.Tests.Hosting;

public sealed class ServerHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_is_told_to_stop_before_it_runs_does_not_start()
    {
        await using WebApplication app = ServerHost.Build(Configuration(FreeEndpoint()));
        app.Lifetime.StopApplication();
        (await ServerHost.StartAsync(app, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_port_that_is_taken_when_the_server_starts_is_told_as_wrong_usage()
    {
        IPEndPoint endpoint = FreeEndpoint();
        await using WebApplication app = ServerHost.Build(Configuration(endpoint));
        using var other = new TcpListener(endpoint);
        other.Start();
        (
            await Should.ThrowAsync<UsageException>(() => ServerHost.StartAsync(app, TestContext.Current.CancellationToken))
        ).Message.ShouldContain($"{endpoint}");
    }

    [Fact]
    public void A_start_on_a_full_disk_asks_for_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system's code for it is another");
        Exception[] faults = [new SqliteException("database or disk is full", 13), new IOException("No space left on device", 28)];

        foreach (Exception fault in faults)
            ServerHost.Explain("data", fault)!.Message.ShouldEndWith("free space on its disk");
    }

    [Fact]
    public async Task The_SMTP_server_shuts_down_with_the_host_and_not_once_a_listener()
    {
        await using WebApplication app = ServerHost.Build(Configuration(FreeEndpoint(), FreeEndpoint()));
        await ServerHost.StartAsync(app, TestContext.Current.CancellationToken);
        var server = app.Services.GetRequiredService<SmtpServer>();

        // What listeners register themselves acts here.
        app.Lifetime.StopApplication();
        server.Stopping.IsCancellationRequested.ShouldBeFalse();

        await app.StopAsync(TestContext.Current.CancellationToken);
        server.Stopping.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Signatures_expire_by_the_clock_of_the_server()
    {
        string[] address = Sample.Signed("user@recipient.test").Split('@');
        IConfigurationRoot configuration = Configuration(FreeEndpoint());
        configuration["Verp:Keys:0"] = Sample.Key;
        var time = new ManualTime("2026-11-22T09:14:05Z");
        await using WebApplication app = ServerHost.Build(configuration, time);
        var codec = app.Services.GetRequiredService<VerpCodec>();

        codec.Decode(address[0], address[1]).IsSigned.ShouldBeTrue();
        time.Now = time.Now.AddDays(31);
        codec.Decode(address[0], address[1]).Fault.ShouldBe(DecodingFault.Expired);
    }

    private IConfigurationRoot Configuration(params IPEndPoint[] endpoints) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(endpoints.Select((endpoint, i) => KeyValuePair.Create($"Smtp:Listen:{i}", (string?)$"{endpoint}")))
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["Admin:Enabled"] = "false", ["Storage:Folder"] = Path.Combine(_folder.Path, "data") }
            )
            .Build();

    private static IPEndPoint FreeEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
