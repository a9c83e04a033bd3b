namespace Postern.SystemTests.Support;

/// <summary>
/// A real Postfix of the test's own. Its configuration lies in <c>/etc/netns/NAME/postfix</c>, which `ip netns exec`
/// lays over <c>/etc/postfix</c> for whatever runs in the namespace: the machine's own Postfix is neither read for
/// settings nor changed, and several can run at once. Queue, data, log and mailboxes are in the folder.
/// </summary>
internal sealed class PrivatePostfix : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly string _namespace;

    private PrivatePostfix(string @namespace, string folder)
    {
        _namespace = @namespace;
        Folder = folder;
    }

    /// <summary>Where all of it lies.</summary>
    public string Folder { get; }

    /// <summary>Its log, as Postfix itself writes it (maillog_file).</summary>
    public string Log => Path.Combine(Folder, "mail.log");

    /// <summary>The postmaster's mailbox.</summary>
    public string Notices => Path.Combine(Folder, "mail", "notices.mbox");

    /// <summary>The same notices as a Maildir.</summary>
    public string Maildir => Path.Combine(Folder, "mail", "Maildir");

    /// <summary>Starts it; it listens when this returns. There is one account: alice@mx.example.org, password "secret".</summary>
    public static async Task<PrivatePostfix> StartAsync(string @namespace, string folder, PostfixSettings settings, CancellationToken cancellationToken)
    {
        var etc = $"/etc/netns/{@namespace}/postfix";
        var postfix = new PrivatePostfix(@namespace, folder);
        await Do($$"""
            set -e
            cp -a /etc/postfix {{etc}}
            mkdir -p {{folder}}/spool {{folder}}/data {{folder}}/mail {{etc}}/sasl
            chmod 755 {{folder}}
            chown postfix {{folder}}/data
            chown nobody {{folder}}/mail
            openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.example.org -keyout {{folder}}/key.pem -out {{folder}}/cert.pem
            echo secret | saslpasswd2 -c -p -f {{folder}}/sasldb2 -u mx.example.org alice
            chown postfix {{folder}}/sasldb2
            """, cancellationToken);
        await File.WriteAllTextAsync($"{etc}/sasl/smtpd.conf", $"""
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            mech_list: PLAIN LOGIN
            sasldb_path: {folder}/sasldb2

            """, cancellationToken);
        await File.WriteAllTextAsync($"{etc}/main.cf", settings.MainFile(folder), cancellationToken);
        await File.WriteAllTextAsync($"{etc}/master.cf", settings.MasterFile(), cancellationToken);
        await postfix.Inside("postfix start", cancellationToken);
        return postfix;
    }

    /// <summary>Returns when every notice lies in the mailboxes; fails after a minute.</summary>
    public async Task WaitUntilQueueIsEmptyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_deadline);
        while (!(await Inside("postqueue -p", limit.Token)).Output.Contains("queue is empty", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token);
        }
    }

    /// <summary>The postmaster's mail, once there is any; fails after a minute.</summary>
    public async Task<string> FirstNoticeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_deadline);
        while (!File.Exists(Notices) || new FileInfo(Notices).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }

        await WaitUntilQueueIsEmptyAsync(limit.Token);
        return await File.ReadAllTextAsync(Notices, limit.Token);
    }

    /// <summary>The log so far.</summary>
    public Task<string> ReadLogAsync(CancellationToken cancellationToken) => File.ReadAllTextAsync(Log, cancellationToken);

    /// <summary>Stops it, so that its log and mailboxes are complete.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Inside("postfix stop", cancellationToken);

    /// <summary>Lets it read its tables and settings anew.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken) => Inside("postfix reload", cancellationToken);

    /// <summary>Stops it if it still runs, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(["ip", "netns", "exec", _namespace, "postfix", "stop"], s_deadline);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private Task<CommandResult> Inside(string shell, CancellationToken cancellationToken) =>
        Do($"ip netns exec {_namespace} {shell}", cancellationToken);

    private static async Task<CommandResult> Do(string shell, CancellationToken cancellationToken) =>
        (await Command.RunAsync(["sh", "-c", shell], s_deadline, cancellationToken: cancellationToken)).OrThrow(shell);
}
