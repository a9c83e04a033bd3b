using System.Net;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>Host names that the machine itself knows; no network is asked.</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<string, List<ClientAddress>> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads <c>/etc/hosts</c>, where there is one.</summary>
    public static HostsFile Load(string path = "/etc/hosts")
    {
        var hosts = new HostsFile();
        if (!File.Exists(path))
        {
            return hosts;
        }

        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !ClientAddress.TryParse(words[0], out var address))
            {
                continue;
            }

            foreach (var name in words.AsSpan(1))
            {
                if (!hosts._names.TryGetValue(name, out var addresses))
                {
                    hosts._names[name] = addresses = [];
                }

                addresses.Add(address);
            }
        }

        return hosts;
    }

    /// <summary>The addresses of a name. The short forms of IPv4 (<c>127.1</c>) are names, too, to the system's resolver.</summary>
    public IReadOnlyList<ClientAddress> Find(string name)
    {
        if (_names.TryGetValue(name, out var addresses))
        {
            return addresses;
        }

        return !name.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(name, out var address) ? [ClientAddress.From(address)] : [];
    }
}
