namespace Postern.SystemTests.Support;

/// <summary>A network, its names and its Postfix: opened for a test, gone after it, also where the test fails.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    private readonly Network _network;
    private NameServer? _names;
    private PrivatePostfix? _postfix;

    private Laboratory(Network network) => _network = network;

    /// <summary>The mail server.</summary>
    public PrivatePostfix Postfix => _postfix ?? throw new InvalidOperationException("The laboratory is not open.");

    /// <summary>Sets up the machines and the server.</summary>
    /// <param name="settings">How Postfix is set.</param>
    /// <param name="hosts">The clients.</param>
    /// <param name="listed">The IPv4 addresses that the laboratory's DNS list names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="texts">TXT records of the laboratory's DNS: the name, a blank, the text.</param>
    public static async Task<Laboratory> OpenAsync(
        PostfixSettings settings, IReadOnlyList<Host> hosts, IReadOnlyList<string> listed, CancellationToken cancellationToken, params IReadOnlyList<string> texts)
    {
        var laboratory = new Laboratory(await Network.CreateAsync(hosts, settings.LatePort, cancellationToken));
        try
        {
            var folder = Directory.CreateDirectory($"/var/tmp/{laboratory._network.Name}").FullName;
            laboratory._names = await NameServer.StartAsync(laboratory._network, folder, hosts, listed, texts, cancellationToken);
            laboratory._postfix = await PrivatePostfix.StartAsync(laboratory._network.Server, folder, settings, cancellationToken);
            return laboratory;
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's network namespace.</summary>
    public string Server => _network.Server;

    /// <summary>The client of that address.</summary>
    public ClientHost Client(string address) => _network.Clients[address];

    /// <summary>Ends and removes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
        }

        _names?.Dispose();
        await _network.DisposeAsync();
        var folder = $"/var/tmp/{_network.Name}";
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
