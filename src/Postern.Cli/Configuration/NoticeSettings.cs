namespace Postern.Cli.Configuration;

/// <summary>The socket for notices alone, which Postfix's local(8) and pipe(8) may use.</summary>
internal sealed record NoticeSettings
{
    /// <summary>Where it is; null for <c>notices.sock</c> beside the control socket.</summary>
    public string? Socket { get; init; }

    /// <summary>Who may hand over notices, besides root and the users that Postfix runs as (<c>mail_owner</c>, <c>default_privs</c>).</summary>
    public IReadOnlyList<string> Users { get; init; } = [];
}

/// <summary>The keys of <c>[notices]</c>.</summary>
internal static class NoticeSection
{
    /// <summary>The keys.</summary>
    public static Section<NoticeSettings> Keys { get; } = new(
    [
        new("socket", "an absolute path of 107 bytes at most", static (notices, value) =>
            value.TrySocketPath(out var path) ? notices with { Socket = path } : notices),
        new("users", "a list of users' names", static (notices, value) =>
        {
            if (!value.TryItems(orSingle: false, out var items)) { return notices; } List<string> users = [];
            foreach (var item in items)
            {
                if (item.TryText(out var name)) { users.Add(name); } }

            return notices with { Users = users };
        }),
    ]);
}
