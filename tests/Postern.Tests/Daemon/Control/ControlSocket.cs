using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Postern.Cli.Daemon.Control;

namespace Postern.Tests.Daemon.Control;

/// <summary>A control server over a fake engine, in a folder of its own.</summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-").FullName;
    private ControlServer? _server;

    public FakeEngine Engine { get; } = new();

    public string Path => System.IO.Path.Combine(_folder, "run", "postern.sock");

    public ControlClient Client => new(Path, Postern.Cli.Words.Catalogue.For("en").Errors);

    public static async Task<ControlSocket> OpenAsync(ControlTimes? times = null)
    {
        var socket = new ControlSocket();
        (socket._server, var failure) = await ControlServer.OpenAsync(socket.Path, socket.Engine, TimeProvider.System, NullLogger.Instance, times);
        failure.ShouldBeNull();
        return socket;
    }

    /// <summary>A file that names this socket.</summary>
    public string WriteConfig(string more = "")
    {
        var file = System.IO.Path.Combine(_folder, "postern.toml");
        File.WriteAllText(file, $"socket = \"{Path}\"\n{more}");
        return file;
    }

    public async Task<JsonElement> AskAsync(ControlRequest request)
    {
        var (reply, failure) = await Client.AskAsync(request, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        return reply!.RootElement;
    }

    public async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Path), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>All that the server says to these bytes until it hangs up.</summary>
    public async Task<string> SayAsync(ReadOnlyMemory<byte> bytes)
    {
        using var client = await ConnectAsync();
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask CloseServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseServerAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
