using System.Net.Sockets;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Jails;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>A jail of fail2ban's as far as it matters who else runs it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Filter">Its filter.</param>
/// <param name="Logs">What it reads: paths, or the journal with its matches.</param>
internal sealed record OtherJail(string Name, string Filter, IReadOnlyList<string> Logs)
{
    /// <summary>True where both look for the same in the same log.</summary>
    public bool IsSameAs(OtherJail other) => string.Equals(Filter, other.Filter, StringComparison.Ordinal) && Logs.Intersect(other.Logs, StringComparer.Ordinal).Any();
}

/// <summary>The fail2ban of this host.</summary>
/// <param name="Folder">Its configuration.</param>
/// <param name="Runs">True where its server answers.</param>
/// <param name="Starts">True where it starts with the host.</param>
/// <param name="Jails">Its enabled jails.</param>
internal sealed record OtherFail2Ban(string Folder, bool Runs, bool Starts, IReadOnlyList<OtherJail> Jails)
{
    /// <summary>Where it usually is.</summary>
    public const string UsualFolder = "/etc/fail2ban";

    private const string UsualSocket = "/var/run/fail2ban/fail2ban.sock";
    private static readonly string[] s_enabled =
        ["/etc/systemd/system/multi-user.target.wants/fail2ban.service", "/etc/rc2.d/S01fail2ban", "/etc/runlevels/default/fail2ban"];

    /// <summary>Finds it; null where there is no such folder.</summary>
    public static OtherFail2Ban? Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }
        // Links into a unit that is gone start nothing.
        var starts = string.Equals(folder, UsualFolder, StringComparison.Ordinal) && Array.Exists(s_enabled, File.Exists);
        return new OtherFail2Ban(folder, Answers(Setting(folder, "socket") ?? UsualSocket), starts, JailsOf(folder));
    }

    /// <summary>A key of <c>[Definition]</c> in <c>fail2ban.conf</c>; null where it has none.</summary>
    public static string? Setting(string folder, string key)
    {
        var (file, _) = Fail2BanFiles.ReadName(Path.Combine(folder, "fail2ban"));
        return file is null ? null : new Interpolation(file).Get("Definition", key, new Dictionary<string, string>(StringComparer.Ordinal)).Value?.Trim() is { Length: > 0 } value ? value : null;
    }

    /// <summary>The enabled jails that can be read.</summary>
    public static IReadOnlyList<OtherJail> JailsOf(string folder) =>
        [.. Fail2BanJailReader.Read(folder, TimeProvider.System.GetLocalNow().Year).Jails.Select(static jail =>
            new OtherJail(jail.Name, jail.Filter.Definition.Name, jail.ReadsJournal ? [jail.JournalName] : jail.LogPaths))];

    // A socket that only root may use belongs to a server that runs, too: one that ended refuses.
    private static bool Answers(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AccessDenied;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
