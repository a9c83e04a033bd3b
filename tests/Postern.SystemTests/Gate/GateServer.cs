using System.Text.Json;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>A Postfix whose service Postern keeps, with one client of each kind, in a network and a DNS of their own.</summary>
internal sealed class GateServer : IAsyncDisposable
{
    /// <summary>Everything in order, its domain well kept.</summary>
    public static readonly Host Genuine = new("192.0.2.20", "mail.good.example");

    /// <summary>In order, and nothing that proves its domain.</summary>
    public static readonly Host Unproven = new("203.0.113.30", "mail.plain.example");

    /// <summary>Sends in the name of a bank that lets nobody but itself.</summary>
    public static readonly Host Forged = new("198.51.100.40");

    /// <summary>Has no name, and claims nobody's.</summary>
    public static readonly Host Suspect = new("198.51.100.50");

    private static readonly string[] s_texts =
    [
        "nowhere.example nothing to do with mail",
        "plain.example nothing to do with mail",
        "good.example v=spf1 ip4:192.0.2.20 -all",
        "bank.example v=spf1 ip4:192.0.2.99 -all",
        "_dmarc.bank.example v=DMARC1; p=reject",
    ];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Laboratory _laboratory;

    private GateServer(Laboratory laboratory, RunningPostern postern) => (_laboratory, Postern) = (laboratory, postern);

    /// <summary>The gatekeeper.</summary>
    public RunningPostern Postern { get; }

    /// <summary>The mail server.</summary>
    public PrivatePostfix Postfix => _laboratory.Postfix;

    /// <summary>The network namespace of the mail server.</summary>
    public string Server => _laboratory.Server;

    /// <summary>Sets all of it up.</summary>
    /// <param name="policy">With the policy server.</param>
    /// <param name="milter">With the milter.</param>
    /// <param name="mode"><c>observe</c> or <c>enforce</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="resolver">Whom Postern asks.</param>
    /// <param name="firewalls">Whether bans stand in the firewall, too.</param>
    /// <param name="log">The log that Postern follows; null for Postfix's.</param>
    /// <param name="settings">How Postfix is set besides; null for as it comes.</param>
    public static async Task<GateServer> OpenAsync(
        bool policy, bool milter, string mode, CancellationToken cancellationToken, string resolver = "127.0.0.1:53", bool firewalls = true, string? log = null, PostfixSettings? settings = null)
    {
        settings ??= PostfixSettings.Current;
        var main = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["notify_classes"] = "",
            ["smtpd_sender_restrictions"] = "",
            ["smtpd_client_restrictions"] = "permit_mynetworks",
        };
        foreach (var (name, value) in settings.Main)
        {
            main[name] = value;
        }

        if (policy)
        {
            main["smtpd_recipient_restrictions"] = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, check_policy_service { inet:127.0.0.1:10040, timeout=3s, try_limit=1, default_action=DUNNO }";
        }

        if (milter)
        {
            main["smtpd_milters"] = "{ inet:127.0.0.1:10041, connect_timeout=3s, command_timeout=3s, content_timeout=3s, default_action=accept }";
        }

        var laboratory = await Laboratory.OpenAsync(
            settings with { Name = "gate", Main = main }, [Genuine, Unproven, Forged, Suspect], [], cancellationToken, s_texts);
        try
        {
            var postern = await RunningPostern.StartAsync(log ?? laboratory.Postfix.Log, laboratory.Server, $"""
                {(firewalls ? "" : "[nftables]\nenabled = false")}
                {(policy ? $"[policy]\nlisten = \"127.0.0.1:10040\"\nmode = \"{mode}\"" : "")}
                {(milter ? $"[milter]\ntrust = \"tcp\"\nlisten = \"127.0.0.1:10041\"\nmode = \"{mode}\"" : "")}
                [greylisting]
                least = "1s"
                """, cancellationToken, resolver);
            return new GateServer(laboratory, postern);
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings a message to the postmaster, and gives the replies to RCPT and to the message's end; the latter is empty where it did not come so far.</summary>
    public async Task<(string Recipient, string End)> SendAsync(Host from, string helo, string sender, CancellationToken cancellationToken, string headers = "", string to = "postmaster@example.org")
    {
        using var s = await _laboratory.Client(from.Address).ConnectAsync(cancellationToken);
        await s.Out("220 ");
        await s.Ask($"EHLO {helo}");
        await s.Ask($"MAIL FROM:<{sender}>");
        var recipient = await s.Ask($"RCPT TO:<{to}>");
        if (recipient[0] != '2')
        {
            // Whoever asks again hears the same.
            (await s.Ask($"RCPT TO:<{to}>")).ShouldBe(recipient);
            await s.Ask("QUIT");
            return (recipient, "");
        }

        await s.Ask("DATA");
        var author = sender.Length > 0 ? sender : "postmaster@" + helo;
        var end = await s.Ask($"{headers}From: <{author}>\r\nTo: <{to}>\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\nMessage-ID: <1@{helo}>\r\nSubject: hello\r\n\r\nhello\r\n.");
        await s.Ask("QUIT");
        return (recipient, end);
    }

    /// <summary>A session of a client, for a test to talk in.</summary>
    public Task<Dialogue> ConnectAsync(Host from, CancellationToken cancellationToken) => _laboratory.Client(from.Address).ConnectAsync(cancellationToken);

    /// <summary>Runs a line of shell as a client.</summary>
    public Task<CommandResult> RunAsync(Host from, string shell, int seconds, CancellationToken cancellationToken) => _laboratory.Client(from.Address).RunAsync(shell, seconds, cancellationToken);

    /// <summary>What the postmaster has got, once the queue is empty.</summary>
    public async Task<string> MailAsync(CancellationToken cancellationToken)
    {
        await Postfix.WaitUntilQueueIsEmptyAsync(cancellationToken);
        return File.Exists(Postfix.Notices) ? await File.ReadAllTextAsync(Postfix.Notices, cancellationToken) : "";
    }

    /// <summary>What Postern has put down against a client.</summary>
    public async Task<IReadOnlyList<(string Behaviours, string Source, string Lines)>> FailuresAsync(Host client)
    {
        using var explained = JsonDocument.Parse((await Postern.AskAsync("explain", client.Address, "--format", "json")).OrThrow("explain").Output);
        return [.. explained.RootElement.GetProperty("failures").EnumerateArray().Select(row => (
            Texts(row.GetProperty("behaviours"), ' '), row.GetProperty("source").GetString()!, Texts(row.GetProperty("lines"), '\n')))];
    }

    /// <summary>Returns when so much has been put down against a client; else fails with what it is.</summary>
    public async Task UntilFailuresAsync(Host client, int count, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await FailuresAsync(client) is var rows && rows.Count < count)
        {
            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue($"{rows.Count} of {count}:\n{Postern.Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Returns when Postern has read all of Postfix's log, whose last session has ended.</summary>
    public async Task UntilReadAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var log = await Postfix.ReadLogAsync(cancellationToken);
            var read = (await Postern.StatusAsync()).GetProperty("logs").EnumerateArray().Sum(row => row.GetProperty("lines").GetInt64());
            if (log.Split(" connect from ").Length == log.Split(" disconnect from ").Length && read >= log.Count(c => c == '\n'))
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue($"{read} lines of\n{log}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Postern.DisposeAsync();
        await _laboratory.DisposeAsync();
    }

    private static string Texts(JsonElement list, char between) => string.Join(between, list.EnumerateArray().Select(text => text.GetString()));
}
