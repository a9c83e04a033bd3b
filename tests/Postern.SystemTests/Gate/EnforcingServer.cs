using System.Net;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>
/// One Postfix for all tests of an enforcing gate: to set one up takes longer than most of them. It has a service with the policy
/// server, one with the milter and one with both, and a network whose clients may have any address.
/// </summary>
public sealed class EnforcingServer : IAsyncDisposable
{
    /// <summary>The name of the collection of tests that live in it, one after the other.</summary>
    public const string Name = "an enforcing gate";

    internal static readonly Host Genuine = new("192.0.2.120", "mail.good.example");
    internal static readonly Host Unproven = new("203.0.113.130", "mail.plain.example");
    internal static readonly Host Forged = new("198.51.100.140");
    internal static readonly Host Suspect = new("198.51.100.150");
    private static readonly Host s_anybody = new("203.0.113.200");
    private static readonly Host[] s_hosts = [Genuine, Unproven, Forged, Suspect, s_anybody];

    private static readonly string[] s_texts =
    [
        "nowhere.example nothing to do with mail",
        "plain.example nothing to do with mail",
        "good.example v=spf1 ip4:192.0.2.120 -all",
        "bank.example v=spf1 ip4:192.0.2.99 -all",
        "_dmarc.bank.example v=DMARC1; p=reject",
    ];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private Laboratory? _laboratory;
    private RunningPostern? _postern;

    internal RunningPostern Postern => _postern!;

    internal PrivatePostfix Postfix => _laboratory!.Postfix;

    internal string Server => _laboratory!.Server;

    /// <summary>Sets it up for the first who asks; the next ones find it as it is.</summary>
    internal async Task<EnforcingServer> OpenAsync(CancellationToken cancellationToken)
    {
        Machine.RequireLaboratory();
        if (_postern is not null)
        {
            return this;
        }

        const string Own = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination";
        var settings = PostfixSettings.Current with
        {
            Name = "enforcing",
            Main = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["notify_classes"] = "",
                ["smtpd_client_restrictions"] = "permit_mynetworks",
                ["smtpd_helo_restrictions"] = "",
                ["virtual_alias_maps"] = "inline:{ { both@example.org = postmaster }, { policy@example.org = postmaster }, { milter@example.org = postmaster } }",
                ["smtpd_recipient_restrictions"] = $"{Own}, check_policy_service {{ inet:127.0.0.1:10040, timeout=6s, try_limit=1, default_action=DUNNO }}",
                ["smtpd_milters"] = "{ inet:127.0.0.1:10041, connect_timeout=3s, command_timeout=3s, content_timeout=8s, default_action=accept }",
                // The tests send more at once than a client should.
                ["smtpd_client_connection_count_limit"] = "0",
            },
            Master = $$"""
                2531 inet n - n - - smtpd
                  -o syslog_name=postfix/policy
                  -o smtpd_milters=
                2532 inet n - n - - smtpd
                  -o syslog_name=postfix/milter
                  -o { smtpd_recipient_restrictions = {{Own}} }
                """,
        };
        _laboratory = await Laboratory.OpenAsync(settings, s_hosts, [], cancellationToken, s_texts);
        _postern = await RunningPostern.StartAsync(_laboratory.Postfix.Log, _laboratory.Server, Configuration(""), cancellationToken, "127.0.0.1:53");
        return this;
    }

    /// <summary>Lets Postern ask another DNS from now on, and gives it names of its own.</summary>
    internal async Task AskDnsAsync(int port, CancellationToken cancellationToken, string ownNames = "")
    {
        await Postern.ConfigureAsync(Postfix.Log, $"127.0.0.1:{port}", Configuration(ownNames), cancellationToken);
        (await Postern.AskAsync("reload")).OrThrow("postern reload");
    }

    /// <summary>A client of any address of the laboratory's networks.</summary>
    internal async Task<Dialogue> ConnectAsync(string address, GateEntrance service, CancellationToken cancellationToken)
    {
        // Two namespaces with one address would both answer for it, and the server's packets reach either.
        if (s_hosts.FirstOrDefault(host => string.Equals(host.Address, address, StringComparison.Ordinal)) is { } own)
        {
            return await ConnectAsync(own, service, cancellationToken);
        }

        var client = _laboratory!.Client(s_anybody.Address);
        var isV6 = address.Contains(':', StringComparison.Ordinal);
        bool isNew;
        lock (_addresses)
        {
            isNew = _addresses.Add(address);
        }

        if (isNew)
        {
            (await Command.RunAsync(["ip", "-n", client.Namespace, "addr", "add", $"{address}/32", "dev", "eth0", .. isV6 ? (string[])["nodad"] : []], s_patience, cancellationToken: cancellationToken)).OrThrow("ip addr add");
        }

        var server = new IPEndPoint(IPAddress.Parse(isV6 ? Network.ServerAddressV6 : Network.ServerAddress), service.Port);
        return new Dialogue(await NamespaceSocket.ConnectAsync(client.Namespace, server, [], IPAddress.Parse(address)), "", cancellationToken);
    }

    /// <summary>A client of the house.</summary>
    internal Task<Dialogue> ConnectAsync(Host from, GateEntrance service, CancellationToken cancellationToken) => _laboratory!.Client(from.Address).ConnectAsync(cancellationToken, service.Port);

    /// <summary>Runs a line of shell as a client of the house.</summary>
    internal Task<CommandResult> RunAsync(Host from, string shell, CancellationToken cancellationToken) => _laboratory!.Client(from.Address).RunAsync(shell, 60, cancellationToken);

    /// <summary>Brings a message in a session that has not begun yet; the reply that decided.</summary>
    internal static async Task<string> SendAsync(Dialogue s, GateEntrance service, string helo, string sender, string content)
    {
        await s.Out("220 ");
        await s.Ask($"EHLO {helo}");
        return await TransactAsync(s, service, sender, content);
    }

    /// <summary>One transaction of a session; the reply that decided.</summary>
    internal static async Task<string> TransactAsync(Dialogue s, GateEntrance service, string sender, string content)
    {
        (await s.Ask($"MAIL FROM:{Path(sender)}")).ShouldStartWith("250 ", Case.Sensitive, s.Transcript);
        var reply = await s.Ask($"RCPT TO:<{service.Recipient}>");
        if (!reply.StartsWith('2'))
        {
            return reply;
        }

        (await s.Ask("DATA")).ShouldStartWith("354 ", Case.Sensitive, s.Transcript);
        return await s.Ask(content + "\r\n.");
    }

    // RFC 6531, 3.3: a mailbox beyond ASCII goes out in UTF-8, and says so. The dialogue writes a character an octet.
    private static string Path(string sender) => System.Text.Ascii.IsValid(sender) ? $"<{sender}>"
        : $"<{System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(sender))}> SMTPUTF8";

    /// <summary>A client of the house brings a message.</summary>
    internal async Task<string> SendAsync(Host from, GateEntrance service, string helo, string sender, CancellationToken cancellationToken, string headers = "", string subject = "hello")
    {
        using var s = await ConnectAsync(from, service, cancellationToken);
        return await SendAsync(s, service, helo, sender, Message(helo, sender, headers, subject));
    }

    /// <summary>A plain message, its lines ended by CR LF but for the last one.</summary>
    internal static string Message(string helo, string sender, string headers = "", string subject = "hello")
    {
        var author = sender.Length > 0 ? sender : "postmaster@" + helo.Trim('[', ']');
        return $"{headers}From: <{author}>\r\nTo: <postmaster@example.org>\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\nMessage-ID: <1@{helo.Trim('[', ']')}>\r\nSubject: {subject}\r\n\r\nhello";
    }

    /// <summary>What the postmaster has got, once the queue is empty.</summary>
    internal async Task<string> MailAsync(CancellationToken cancellationToken)
    {
        await Postfix.WaitUntilQueueIsEmptyAsync(cancellationToken);
        return File.Exists(Postfix.Notices) ? await File.ReadAllTextAsync(Postfix.Notices, cancellationToken) : "";
    }

    /// <summary>Nothing was ever sent back, and Postfix has no complaint of Postern but where it was made to stop.</summary>
    internal async Task NothingWasBouncedAsync(CancellationToken cancellationToken)
    {
        await Postfix.WaitUntilQueueIsEmptyAsync(cancellationToken);
        var log = await Postfix.ReadLogAsync(cancellationToken);
        log.ShouldNotContain("non-delivery");
        log.ShouldNotContain("status=bounced");
        log.ShouldNotContain("postfix/bounce");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postern is not null)
        {
            await _postern.DisposeAsync();
        }

        if (_laboratory is not null)
        {
            await _laboratory.DisposeAsync();
        }
    }

    private static string Configuration(string ownNames) => $"""
        [nftables]
        enabled = false
        [jail]
        maxretry = 10000
        [checks]
        own_names = [{ownNames}]
        [policy]
        listen = "127.0.0.1:10040"
        mode = "enforce"
        leave_to_milter = false
        [milter]
        trust = "tcp"
        listen = "127.0.0.1:10041"
        mode = "enforce"
        [greylisting]
        least = "1s"
        """;
}

/// <summary>The tests that share the house.</summary>
[CollectionDefinition(EnforcingServer.Name)]
public sealed class EnforcingServerTests : ICollectionFixture<EnforcingServer>;
