using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Gate;

namespace Postern.Cli.Daemon.Gate;

/// <summary>Who may enter the sockets of the checks at SMTP time, and whose reports count.</summary>
internal static class GateAccess
{
    private const string UsualOwner = "postfix";
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The access to a service's Unix socket.</summary>
    /// <param name="service">The service.</param>
    /// <param name="mailOwner">The user that Postfix's daemons run as; null for the usual one.</param>
    /// <returns>The access, or what is wrong, in one line.</returns>
    public static (SocketAccess Access, string? Failure) Of(ListenerSettings service, string? mailOwner)
    {
        if (service.Owner is { } owner && UserId(owner) is null)
        {
            return (SocketAccess.Everybody, $"there is no user {owner}");
        }

        if (service.Group is { } group && GroupId(group) is null)
        {
            return (SocketAccess.Everybody, $"there is no group {group}");
        }
        // Whoever may not give a file away leaves it to the folder, who enters.
        var ofPostfix = service.Owner is null && service.Group is null && Environment.IsPrivilegedProcess ? Account("/etc/passwd", mailOwner ?? UsualOwner, 3) : null;
        var isNarrow = service.Owner is not null || service.Group is not null || ofPostfix is not null;
        return (new SocketAccess(
            service.Owner is null ? null : UserId(service.Owner), service.Group is null ? ofPostfix : GroupId(service.Group), service.Mode ?? (isNarrow ? OwnerAndGroup : SocketAccess.Everybody.Mode)), null);
    }

    /// <summary>Whose sessions count: Postfix's, root's, and those of the socket's owner.</summary>
    /// <param name="service">The milter.</param>
    /// <param name="mailOwner">The user that Postfix's daemons run as; null for the usual one.</param>
    public static PeerTrust Trust(ListenerSettings service, string? mailOwner)
    {
        HashSet<uint> users = [0];
        foreach (var name in new[] { mailOwner ?? UsualOwner, service.Owner })
        {
            if (name is not null && UserId(name) is { } user)
            {
                users.Add(user);
            }
        }

        return new PeerTrust(service.TrustsTcp, users);
    }

    /// <summary>Who may hand over notices: root, ourselves, the users that Postfix runs as, and those of the configuration.</summary>
    /// <param name="notices">The configuration.</param>
    /// <param name="postfix">Postfix's <c>mail_owner</c> and <c>default_privs</c>; nulls for the usual ones.</param>
    /// <returns>The users, and the names that nobody has.</returns>
    public static (IReadOnlySet<uint> Users, IReadOnlyList<string> Unknown) NoticeUsers(NoticeSettings notices, (string? Owner, string? Privileges) postfix)
    {
        HashSet<uint> users = [0, Self()];
        List<string> unknown = [];
        foreach (var name in notices.Users.Concat([postfix.Owner ?? UsualOwner, postfix.Privileges ?? "nobody"]))
        {
            if (UserId(name) is { } user)
            {
                users.Add(user);
            }
            else if (notices.Users.Contains(name, StringComparer.Ordinal))
            {
                unknown.Add(name);
            }
        }

        return (users, unknown);
    }

    // Known by number: a user need not have a name, nor a machine a list of them.
    private static uint Self()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("Uid:", StringComparison.Ordinal));
        // Real, effective, saved and file system user, proc(5).
        return line?.Split('\t') is [_, _, var effective, ..] && uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    private static uint? UserId(string name) => Account("/etc/passwd", name, 2);

    private static uint? GroupId(string name) => Account("/etc/group", name, 2);

    private static uint? Account(string file, string name, int field)
    {
        try
        {
            return File.ReadLines(file).Select(static line => line.Split(':'))
                .Where(parts => parts.Length > field && string.Equals(parts[0], name, StringComparison.Ordinal))
                .Select(parts => uint.TryParse(parts[field], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (uint?)null).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
