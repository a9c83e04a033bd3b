using System.Text;
using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>
/// Finds the domains that own users write to: a message that came from a login, from mynetworks or from a local user, and that smtp(8)
/// delivered. What comes from this host itself by SMTP tells nothing: content filters hand everybody's mail back that way.
/// </summary>
/// <param name="networks">Who is in mynetworks.</param>
/// <param name="found">Told of each recipient's domain.</param>
internal sealed class OutboundMail(Func<ProtectedNetworks> networks, Action<string, LogTime> found)
{
    // Mail that waits longer than so many others is delivered unnoticed.
    private const int Most = 65_536;

    private static readonly ClientNetwork s_loopback4 = Network("127.0.0.0/8");
    private static readonly ClientNetwork s_loopback6 = Network("::1");

    private readonly HashSet<ulong> _own = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>Takes an event of a log.</summary>
    /// <returns>True where it says nothing of a client's session.</returns>
    public bool Take(in SmtpEvent e)
    {
        switch (e.Kind)
        {
            case SmtpEventKind.Submitted:
                Add(e.QueueId);
                return true;
            case SmtpEventKind.DeliveredTo:
                if (_own.Contains(e.QueueId))
                {
                    found(Encoding.UTF8.GetString(e.Text.Span), e.Time);
                }

                return true;
            case SmtpEventKind.Authenticated:
                Add(e.QueueId);
                return false;
            case SmtpEventKind.QueueFile when IsOwn(e.Client):
                Add(e.QueueId);
                return false;
            case SmtpEventKind.QueueFile:
                // Short queue ids are used again.
                _own.Remove(e.QueueId);
                return false;
            default:
                return false;
        }
    }

    private bool IsOwn(ClientAddress client)
    {
        var known = networks();
        return !known.Own.Contains(client) && known.MyNetworkOf(client) is not null && !IsLoopback(client);
    }

    private static bool IsLoopback(ClientAddress client) => s_loopback4.Contains(client) || s_loopback6.Contains(client);

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : default;

    private void Add(ulong id)
    {
        if (!_own.Add(id))
        {
            return;
        }

        _order.Enqueue(id);
        while (_order.Count > Most)
        {
            _own.Remove(_order.Dequeue());
        }
    }
}
