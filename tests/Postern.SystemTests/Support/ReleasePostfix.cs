namespace Postern.SystemTests.Support;

/// <summary>
/// Postfix of a Debian release, running in the server's network namespace. Its configuration and its queue lie in a folder of
/// the test's; both are laid into the release's root folder in the mount namespace that `ip netns exec` makes, so that nothing
/// of it is seen outside, and nothing is left when its processes have ended.
/// </summary>
internal sealed class ReleasePostfix : IAsyncDisposable
{
    /// <summary>The folder as Postfix sees it.</summary>
    public const string Inner = "/mnt";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly DebianRelease _release;
    private readonly string _namespace;
    private readonly string _folder;
    private bool _isStopped;

    private ReleasePostfix(DebianRelease release, string @namespace, string folder) => (_release, _namespace, _folder) = (release, @namespace, folder);

    /// <summary>Its log.</summary>
    public string Log => Path.Combine(_folder, "mail.log");

    /// <summary>The postmaster's mailbox.</summary>
    public string Notices => Path.Combine(_folder, "mail", "notices.mbox");

    /// <summary>Starts it with these files beside those of the release.</summary>
    /// <param name="release">Whose Postfix; made already.</param>
    /// <param name="namespace">The server's network namespace, with a resolv.conf.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="files">What is written below etc/postfix, by name; main.cf and master.cf among it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ReleasePostfix> StartAsync(
        DebianRelease release, string @namespace, string folder, IReadOnlyDictionary<string, string> files, CancellationToken cancellationToken)
    {
        var postfix = new ReleasePostfix(release, @namespace, folder);
        (await Command.RunAsync(
            ["sh", "-c", $"""
            set -e
            cp -a {release.Root}/etc/postfix {folder}/etc
            mkdir -p {folder}/spool {folder}/data {folder}/mail {folder}/etc/sasl
            chmod 755 {folder}
            openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.example.org -keyout {folder}/key.pem -out {folder}/cert.pem
            """],
            s_deadline, cancellationToken: cancellationToken)).OrThrow("the preparation");
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "etc", name), text, cancellationToken);
        }

        await postfix.InsideAsync($"""
            set -e
            chown postfix {Inner}/data
            chown nobody {Inner}/mail
            echo secret | saslpasswd2 -c -p -f {Inner}/sasldb2 -u mx.example.org alice
            chown postfix {Inner}/sasldb2
            postfix start
            """, cancellationToken);
        return postfix;
    }

    /// <summary>Returns when every notice lies in the mailbox; fails after a minute.</summary>
    public async Task WaitUntilQueueIsEmptyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_deadline);
        while (!(await InsideAsync("find /mnt/spool/maildrop /mnt/spool/incoming /mnt/spool/active -type f | grep -q . || echo empty", limit.Token)).Output.Contains("empty", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token);
        }
    }

    /// <summary>Stops it, so that its log and its mailbox are complete.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await InsideAsync("postfix stop", cancellationToken);
        _isStopped = true;
    }

    /// <summary>Stops it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await Command.RunAsync(Enter("postfix stop"), s_deadline);
        }
    }

    private async Task<CommandResult> InsideAsync(string shell, CancellationToken cancellationToken) =>
        (await Command.RunAsync(Enter(shell), s_deadline, cancellationToken: cancellationToken)).OrThrow(shell);

    private string[] Enter(string shell) =>
    [
        "ip", "netns", "exec", _namespace, "sh", "-c",
        $"mount --bind {_folder} {_release.Root}{Inner} && mount --bind {_folder}/etc {_release.Root}/etc/postfix "
        + $"&& mount --bind /etc/netns/{_namespace}/resolv.conf {_release.Root}/etc/resolv.conf && exec chroot {_release.Root} sh -c \"$1\"",
        "sh", shell,
    ];
}
