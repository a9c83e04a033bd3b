using Postern.Facts;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Jails;

/// <summary>Whom a jail never bans: addresses, networks, the addresses of names, this host, and whom its command ignores.</summary>
internal sealed class IgnoreRules
{
    private readonly List<ClientNetwork> _networks = [];
    private readonly List<string> _names = [];
    private readonly HashSet<ClientAddress> _own = [];
    private readonly Func<string, IReadOnlyList<ClientAddress>> _resolve;
    private readonly IgnoreCommand? _command;

    /// <summary>The rules of a jail.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="own">This host's addresses.</param>
    /// <param name="resolve">The addresses of a name, from a cache: it is asked for each failure.</param>
    /// <param name="time">The clock.</param>
    public IgnoreRules(Fail2BanJail jail, IEnumerable<ClientAddress> own, Func<string, IReadOnlyList<ClientAddress>> resolve, TimeProvider time)
    {
        _resolve = resolve;
        _command = jail.IgnoreCommand is { } command ? new IgnoreCommand(command, time) : null;
        if (jail.IgnoresSelf)
        {
            _own.UnionWith(own);
        }

        foreach (var entry in jail.IgnoreIp)
        {
            if (ClientNetwork.TryParse(entry, out var network))
            {
                _networks.Add(network);
            }
            else
            {
                _names.Add(entry);
            }
        }
    }

    /// <summary>Whether failures of this are passed over.</summary>
    public bool Covers(FailureId id)
    {
        if (!id.Address.IsKnown)
        {
            return _command?.Ignores(id.Text) is true;
        }

        var network = id.PrefixLength is { } length ? ClientNetwork.Of(id.Address, length) : ClientNetwork.Of(id.Address);
        return _own.Contains(id.Address) || _networks.Exists(one => one.Contains(network)) || _names.Exists(name => _resolve(name).Contains(id.Address))
            || _command?.Ignores(id.Text) is true;
    }
}
