using System.Globalization;

namespace Postern.Cli.Daemon.Firewalls;

/// <summary>Reads the ports of a jail, <c>smtp,465,submission</c>, whose names stand in <c>/etc/services</c>.</summary>
internal static class ServicePorts
{
    private const string File = "/etc/services";

    // So many ports in a row are no service any more: then all are closed.
    private const int MostInRange = 1000;

    /// <summary>The ports; empty for all, also where one cannot be read: a ban that closes too little would be none.</summary>
    /// <param name="text">Names, numbers and ranges (<c>6000:6010</c>), by commas or blanks; null for all.</param>
    /// <returns>The ports in their order, and why they could not be read.</returns>
    public static (IReadOnlyList<int> Ports, string? Complaint) Parse(string? text)
    {
        var ports = new SortedSet<int>();
        foreach (var word in (text ?? "").Split((char[])[',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = word.Split((char[])[':', '-'], 2);
            if (ends.Length == 2 && IsPort(ends[0], out var first) && IsPort(ends[1], out var last) && last >= first)
            {
                if (last - first >= MostInRange)
                {
                    return ([], null);
                }

                ports.UnionWith(Enumerable.Range(first, last - first + 1));
            }
            else if ((IsPort(word, out var number) ? number : Named(word)) is { } port)
            {
                ports.Add(port);
            }
            else
            {
                return ([], $"port: '{word}' is no port and no service of {File}; its bans close all ports");
            }
        }

        return ([.. ports], null);
    }

    private static bool IsPort(string word, out int port) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;

    // "submission 587/tcp msa # comment"
    private static int? Named(string name)
    {
        if (!System.IO.File.Exists(File))
        {
            return null;
        }

        foreach (var line in System.IO.File.ReadLines(File))
        {
            var words = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[1].EndsWith("/tcp", StringComparison.Ordinal) && IsPort(words[1][..^4], out var port)
                && words.Where((_, i) => i != 1).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return port;
            }
        }

        return null;
    }
}
