using System.Net;
using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>A client's end of the network: runs tools there, or talks to the server itself.</summary>
/// <param name="Host">Who it is.</param>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="LatePort">The server's port that greets late.</param>
internal sealed record ClientHost(Host Host, string Namespace, int LatePort)
{
    /// <summary>The server's address as this client reaches it.</summary>
    public string Server => Host.IsV6 ? Network.ServerAddressV6 : Network.ServerAddress;

    /// <summary>Runs a line of shell as this client, killed at the deadline. What it says is of no matter: the server's log is.</summary>
    public Task<CommandResult> RunAsync(string shell, int seconds, CancellationToken cancellationToken) =>
        Command.RunAsync(
            ["ip", "netns", "exec", Namespace, "bash", "-c", $"exec >/dev/null 2>&1; {shell}"],
            TimeSpan.FromSeconds(seconds), cancellationToken: cancellationToken);

    /// <summary>Opens a conversation with the server from this client's address.</summary>
    public Task<Dialogue> ConnectAsync(CancellationToken cancellationToken, int port = 25) => TalkAheadAsync("", port, cancellationToken);

    /// <summary>The same, with these characters sent at once, before the server can say anything.</summary>
    public async Task<Dialogue> TalkAheadAsync(string opening, int port, CancellationToken cancellationToken)
    {
        var socket = await NamespaceSocket.ConnectAsync(Namespace, new IPEndPoint(IPAddress.Parse(Server), port), Encoding.Latin1.GetBytes(opening));
        return new Dialogue(socket, opening, cancellationToken);
    }
}
