using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// The server's own addresses and names, as its log shows them: postscreen writes to which address a client came, and a client of the
/// loopback network that has a name has the server's. Bounded.
/// </summary>
internal sealed class ServerAddresses
{
    private const int Most = 256;
    private readonly HashSet<ClientAddress> _addresses = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses that the log shows, those of the loopback network left out.</summary>
    public IReadOnlyCollection<ClientAddress> Addresses => _addresses;

    /// <summary>Takes an address that is known to be this server's.</summary>
    public void Add(ClientAddress address)
    {
        if (address.IsKnown && _addresses.Count < Most)
        {
            _addresses.Add(address);
        }
    }

    /// <summary>Takes a name of the server; null for none.</summary>
    public void Add(string? name)
    {
        if (name is not null && !name.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) && _names.Count < Most)
        {
            _names.Add(name);
        }
    }

    /// <summary>Looks at a line: <c>CONNECT from [192.0.2.7]:4000 to [192.0.2.1]:25</c>.</summary>
    public void Note(in SmtpEvent e)
    {
        if (e is { Kind: SmtpEventKind.Connect, Daemon: PostfixDaemon.Postscreen } && e.Text.Span is var text && text.StartsWith("to ["u8)
            && text.IndexOf((byte)']') is > 4 and var end && ClientAddress.TryParse(text[4..end], out var address))
        {
            Add(address);
        }
    }

    /// <summary>Looks at a client and its confirmed name.</summary>
    public void Note(ClientAddress client, string? confirmedName)
    {
        if (confirmedName is not null && PrivateNetworks.IsLoopback(client))
        {
            Add(confirmedName);
        }
    }

    /// <summary>True where a client with that confirmed name is the server itself.</summary>
    public bool Has(ClientAddress client, string? confirmedName) =>
        client.IsKnown && (PrivateNetworks.IsLoopback(client) || _addresses.Contains(client) || (confirmedName is not null && _names.Contains(confirmedName)));
}
