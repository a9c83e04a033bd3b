using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>A client and what it does.</summary>
/// <param name="Host">Who it is.</param>
/// <param name="Does">What it does, for people.</param>
/// <param name="Play">The doing.</param>
internal sealed record Actor(Host Host, string Does, Func<ClientHost, CancellationToken, Task> Play)
{
    /// <summary>Its address.</summary>
    public string Address => Host.Address;

    /// <summary>A client that runs a line of shell; <c>$MX</c> in it is the server, <c>$BUSY</c> its port whose clients wait in a queue. What the tool finds is of no matter.</summary>
    public static Actor Tool(Host host, string does, int seconds, string shell) =>
        new(host, does, (me, ct) => me.RunAsync($"MX={me.Server}; BUSY={PostfixSettings.BusyPort}; {shell}", seconds, ct));

    /// <summary>A client that holds the same conversation several times.</summary>
    public static Actor Talk(Host host, string does, int times, Func<Dialogue, Task> session, int port = 25) =>
        new(host, does, async (me, ct) =>
        {
            for (var i = 0; i < times; i++)
            {
                await TalkOnce(me, session, port, ct);
            }
        });

    /// <summary>The same for a client that says its opening before the greeting, all at once: each but the first waits in a queue meanwhile.</summary>
    public static Actor TalkAhead(Host host, string does, int times, string opening, Func<Dialogue, Task> session) =>
        new(host, does, (me, ct) =>
        {
            var port = me.LatePort == 25 ? 25 : PostfixSettings.TalkAheadPort;
            return Task.WhenAll(Enumerable.Range(0, times).Select(_ => TalkOnce(me, session, port, ct, opening)));
        });

    /// <summary>One conversation; a server may hang up in the midst of it, as it pleases.</summary>
    public static async Task TalkOnce(ClientHost me, Func<Dialogue, Task> session, int port, CancellationToken cancellationToken, string opening = "")
    {
        using var dialogue = await me.TalkAheadAsync(opening, port, cancellationToken);
        try
        {
            await session(dialogue);
        }
        catch (IOException)
        {
            // What the server logged is what counts.
        }
    }
}
