using System.Text;
using Postern.Capture.Headers;

namespace Postern.Capture.Grammar;

/// <summary>
/// Tells whether journald knows an entry as another program's than it says: any local user may write entries by any name, but
/// cannot choose the fields that begin with an underscore (systemd.journal-fields(7)).
/// </summary>
internal static class JournalVoucher
{
    // Users of persons; those of programs are below (login.defs(5)), and 65534 is nobody.
    private const long FirstPerson = 1000;

    // What writes for Postfix: its own log daemon, other syslog daemons, and what keeps containers.
    private static readonly string[] s_carriers =
        ["rsyslogd", "syslog-ng", "syslogd", "dockerd", "docker-containerd", "containerd", "conmon", "crio", "podman", "systemd-journald", "systemd-journal", "systemd-journal-remote"];

    // Where nobody but root installs programs.
    private static readonly string[] s_systemFolders = ["/usr/", "/opt/", "/lib/", "/lib64/", "/sbin/", "/bin/", "/nix/store/", "/snap/"];

    /// <summary>True for an entry that says it is Postfix's, sshd's or Dovecot's, and that another program wrote.</summary>
    /// <param name="program">What it says (<c>SYSLOG_IDENTIFIER</c>).</param>
    /// <param name="user">The writer's user id (<c>_UID</c>); 0 where it is not told.</param>
    /// <param name="command">The writer's name (<c>_COMM</c>); empty where it is not told.</param>
    /// <param name="executable">The writer's file (<c>_EXE</c>); empty where it is not told.</param>
    public static bool IsOthers(ReadOnlySpan<byte> program, long user, string command, string executable)
    {
        var last = program[(program.LastIndexOf((byte)'/') + 1)..];
        // What is named like a container may hold a whole line of Postfix's.
        var isPostfix = program.StartsWith("postfix"u8) || (last.Length < program.Length && PostfixPrograms.Contains(last)) || ContainerNames.Contains(program);
        if (!isPostfix && !last.SequenceEqual("sshd"u8) && !last.SequenceEqual("sshd-session"u8) && !last.SequenceEqual("dovecot"u8))
        {
            return false;
        }

        var file = executable[(executable.LastIndexOf('/') + 1)..];
        if (command is "logger" or "systemd-cat" || file is "logger" or "systemd-cat")
        {
            return true;
        }

        if (executable.Length > 0 && !s_systemFolders.Any(folder => executable.StartsWith(folder, StringComparison.Ordinal)))
        {
            return true;
        }
        // Of the others, a person's own processes write some lines.
        if (!isPostfix)
        {
            return false;
        }

        return user >= FirstPerson || (file.Length > 0 ? !Writes(file) : command.Length > 0 && !Writes(command));
    }

    private static bool Writes(string name) => PostfixPrograms.Contains(Encoding.ASCII.GetBytes(name)) || s_carriers.Contains(name, StringComparer.Ordinal) || name.StartsWith("containerd-shim", StringComparison.Ordinal);
}
