namespace Postern.Cli.Postfix.Doctor;

/// <summary>A milter beside ours that publishes results in Authentication-Results headers, as its own file has it.</summary>
/// <param name="Name">The program.</param>
/// <param name="File">Its configuration.</param>
/// <param name="Places">Where it listens, in each form that Postfix may name it by.</param>
/// <param name="AuthservId">The name under which it publishes; null for that of the mail server.</param>
/// <param name="Keeps">True where it keeps what others published under its name.</param>
internal sealed record OtherMilter(string Name, string File, IReadOnlyList<string> Places, string? AuthservId, bool Keeps)
{
    private static readonly (string Name, string File)[] s_known = [("OpenDKIM", "/etc/opendkim.conf"), ("OpenDMARC", "/etc/opendmarc.conf")];

    /// <summary>Those that are installed here.</summary>
    public static IReadOnlyList<OtherMilter> Installed() => [.. s_known.Select(known => Of(known.Name, known.File)).OfType<OtherMilter>()];

    /// <summary>Reads a file of such a program; null where it publishes no results.</summary>
    /// <param name="name">The program.</param>
    /// <param name="file">The file's path.</param>
    /// <param name="lines">Its lines: a keyword, blanks and a value (opendkim.conf(5)).</param>
    /// <param name="host">The name of this host.</param>
    public static OtherMilter? Read(string name, string file, IEnumerable<string> lines, string host)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            if (Setting(line) is var (keyword, value))
            {
                values[keyword] = value;
            }
        }

        if (!values.TryGetValue("Socket", out var socket) || (name is "OpenDKIM" && values.TryGetValue("Mode", out var mode) && !mode.Contains('v', StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var id = values.GetValueOrDefault("AuthservID");
        return new OtherMilter(name, file, [.. PlacesOf(socket)], id is "HOSTNAME" ? host : id, name is not "OpenDKIM" || IsYes(values.GetValueOrDefault("KeepAuthResults")));
    }

    private static OtherMilter? Of(string name, string file)
    {
        try
        {
            return System.IO.File.Exists(file) ? Read(name, file, System.IO.File.ReadLines(file), System.Net.Dns.GetHostName()) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What may not be read is not judged.
            return null;
        }
    }

    private static bool IsYes(string? value) => value is not null && (value.StartsWith('1') || value.StartsWith("y", StringComparison.OrdinalIgnoreCase) || value.StartsWith("t", StringComparison.OrdinalIgnoreCase));

    // inet:PORT, inet:PORT@HOST, local:PATH, unix:PATH or a path alone.
    private static IEnumerable<string> PlacesOf(string socket)
    {
        if (socket.StartsWith("inet", StringComparison.OrdinalIgnoreCase) && socket.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            var (port, host) = socket[(colon + 1)..].Split('@') is [var first, var second] ? (first, second) : (socket[(colon + 1)..], "localhost");
            string[] hosts = host is "localhost" or "127.0.0.1" or "[127.0.0.1]" ? ["127.0.0.1", "localhost", "[127.0.0.1]"] : [host];
            return hosts.Select(one => $"inet:{one}:{port}");
        }

        var path = socket[(socket.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return [$"unix:{path}", "unix:" + path.Replace("/var/spool/postfix/", "", StringComparison.Ordinal), "unix:" + path.Replace("/var/spool/postfix/", "/", StringComparison.Ordinal)];
    }

    // A keyword, blanks and a value, which may be quoted, before a comment.
    private static (string Name, string Value)? Setting(string line)
    {
        var text = line.Split('#')[0].Trim();
        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        return blank > 0 ? (text[..blank], text[blank..].Trim().Trim('"')) : null;
    }
}
