using Postern.Cli.Postfix.Doctor;

namespace Postern.Cli.Setup;

/// <summary>Where Postfix's notices end up.</summary>
internal enum NoticeEnd : byte
{
    /// <summary>In a file or Maildir of this host.</summary>
    Mailbox,
    /// <summary>They are handed to Postern already, by a pipe.</summary>
    HandedOver,
    /// <summary>In a program, a table or on a host that cannot be looked into.</summary>
    Elsewhere,
}

/// <summary>Follows the mail of the postmaster to where it is kept, as local(8) would deliver it.</summary>
/// <param name="End">Where it ends.</param>
/// <param name="Place">The path, the program, the address or the name.</param>
internal sealed record NoticeMailbox(NoticeEnd End, string Place)
{
    private const int DeepestAlias = 10;

    /// <summary>Follows it.</summary>
    /// <param name="postfix">How Postfix is set.</param>
    /// <param name="accounts">The lines of passwd(5).</param>
    public static NoticeMailbox Find(PostfixSetup postfix, IReadOnlyList<string> accounts)
    {
        var recipient = postfix.Main("error_notice_recipient") is { Length: > 0 } named ? named : "postmaster";
        var ends = Follow(postfix, accounts, recipient, DeepestAlias).ToList();
        return ends.Find(static end => end.End == NoticeEnd.HandedOver) ?? ends.Find(static end => end.End == NoticeEnd.Mailbox) ?? ends.FirstOrDefault() ?? new(NoticeEnd.Elsewhere, recipient);
    }

    private static IEnumerable<NoticeMailbox> Follow(PostfixSetup postfix, IReadOnlyList<string> accounts, string target, int depth)
    {
        if (target is ['|', .. var program])
        {
            return [new(program.Contains("postern", StringComparison.Ordinal) ? NoticeEnd.HandedOver : NoticeEnd.Elsewhere, target)];
        }

        if (target is ['/', ..])
        {
            return [new(NoticeEnd.Mailbox, target.TrimEnd('/'))];
        }

        var isPlain = target is ['\\', ..];
        var name = target.TrimStart('\\');
        if (depth == 0 || name.StartsWith(':') || !IsLocal(postfix, name))
        {
            return [new(NoticeEnd.Elsewhere, target)];
        }

        name = name.Split('@')[0];
        if (!isPlain && postfix.TablesOf("alias_maps").SelectMany(static table => table.Rows).FirstOrDefault(row => row.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } alias)
        {
            return ForwardReader.Targets([alias.Value]).SelectMany(next => Follow(postfix, accounts, next.Target, depth - 1));
        }

        if (accounts.Select(static line => line.Split(':')).FirstOrDefault(fields => fields.Length >= 7 && fields[0].Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } account)
        {
            return [new(NoticeEnd.Elsewhere, target)];
        }

        if (!isPlain && postfix.Forwards.FirstOrDefault(file => file.File.StartsWith(account[5].TrimEnd('/') + "/", StringComparison.Ordinal)) is { } forward)
        {
            return forward.Targets.SelectMany(next => Follow(postfix, accounts, string.Equals(next.Target.TrimStart('\\'), name, StringComparison.Ordinal) ? "\\" + name : next.Target, depth - 1));
        }

        return [Mailbox(postfix, account[0], account[5])];
    }

    private static NoticeMailbox Mailbox(PostfixSetup postfix, string user, string home)
    {
        foreach (var parameter in (string[])["mailbox_transport_maps", "mailbox_transport", "mailbox_command_maps", "mailbox_command"])
        {
            if (postfix.Main(parameter) is { Length: > 0 } other)
            {
                return new(NoticeEnd.Elsewhere, $"{parameter} = {other}");
            }
        }

        if (postfix.Main("home_mailbox") is { Length: > 0 } relative)
        {
            return new(NoticeEnd.Mailbox, Path.Combine(home, relative).TrimEnd('/'));
        }

        var spool = postfix.Main("mail_spool_directory") is { Length: > 0 } folder ? folder : "/var/mail";
        return new(NoticeEnd.Mailbox, Path.Combine(spool, user));
    }

    private static bool IsLocal(PostfixSetup postfix, string target)
    {
        var local = postfix.Main("local_transport");
        return (local.Length == 0 || local.StartsWith("local", StringComparison.Ordinal))
            && (PostfixSetup.DomainOf(target) is not { } domain
                || PostfixSetup.Words(postfix.Main("mydestination")).Concat(PostfixSetup.Words(postfix.Main("myorigin"))).Contains(domain, StringComparer.OrdinalIgnoreCase));
    }
}
