using System.Threading.Channels;
using MimeKit;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Mail;
using Postern.Cli.Notifications.Telling;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Notifications.AbuseReports;

/// <summary>
/// Reports abusive clients to those who answer for their network. A report waits, so that a ban which is lifted again, or which the
/// brake takes back, is never reported; it is noted in the database before it is sent, so that none is sent twice, whatever happens
/// in between. What cannot be noted is not sent.
/// </summary>
/// <param name="settings">Whether, and how.</param>
/// <param name="mail">Hands over mail.</param>
/// <param name="writer">Writes mail.</param>
/// <param name="contacts">Finds whom to tell.</param>
/// <param name="evidence">What is known of a client's sessions that counted; null where nothing is.</param>
/// <param name="store">Notes what was sent.</param>
/// <param name="say">Told in one line what went wrong, once, and null when it works again.</param>
/// <param name="time">The clock.</param>
internal sealed class AbuseReporter(
    AbuseReportSettings settings, MailProgram mail, MailWriter writer, ContactFinder contacts, Func<Happening, ReportedAbuse?> evidence, NotificationStore store, Action<string?> say, TimeProvider time)
{
    private const int MostWaiting = 1000;
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(5);

    private readonly Channel<Happening> _bans = Channel.CreateBounded<Happening>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly HashSet<ClientNetwork> _pending = [];
    private readonly Lock _lock = new();
    private readonly TroubleTeller _trouble = new(say);

    /// <summary>True where no ban waits for its report.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count == 0;
            }
        }
    }

    /// <summary>Takes what happened, without waiting: bans to report, and bans that were lifted.</summary>
    public void Take(Happening one)
    {
        if (one is { Kind: HappeningKind.Unban, Network: { } network })
        {
            lock (_lock)
            {
                _pending.Remove(network);
            }
        }
        else if (IsReportable(one))
        {
            // In a flood the first ones are reported: no more than a day's number is sent in any case.
            lock (_lock)
            {
                if (_pending.Add(one.Network!.Value) && !_bans.Writer.TryWrite(one))
                {
                    _pending.Remove(one.Network.Value);
                }
            }
        }
    }

    /// <summary>Reports until stopped. What waits then is not reported.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var ban in _bans.Reader.ReadAllAsync(stop))
        {
            if (ban.At + settings.Wait - time.GetUtcNow() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time, stop);
            }

            if (Stands(ban))
            {
                _trouble.Note(await ReportAsync(ban, stop));
            }
        }
    }

    /// <summary>Sends a report about a documentation address to our own sender.</summary>
    /// <returns>Null, or why it did not work, in one line.</returns>
    public Task<string?> TestAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var sample = new ReportedAbuse(ClientNetwork.TryParse("192.0.2.1", out var network) ? network.First : default, now, now.AddMinutes(-10), now, 10, BehaviourSet.Of(Behaviour.AuthBruteForce));
        return SendAsync(sample, settings.MailFrom!, isTest: true, stop);
    }

    private bool IsReportable(Happening one) =>
        one is { Kind: HappeningKind.Ban, IsDryRun: false, Network: { } network, Jail: { } jail } && jail is not Ban.OperatorJail && !jail.StartsWith(Ban.Fail2BanPrefix, StringComparison.Ordinal)
        && one.Repetition >= settings.MinBans && network.PrefixLength >= (network.IsIPv4 ? 32 : 48) && !PrivateNetworks.Contains(one.Client)
        // A ban that was taken over from elsewhere began earlier, and is not ours to report.
        && one.From is { } from && one.At - from < s_recent;

    // One that was lifted is no more among those that wait.
    private bool Stands(Happening ban)
    {
        lock (_lock)
        {
            return _pending.Remove(ban.Network!.Value);
        }
    }

    private async Task<string?> ReportAsync(Happening ban, CancellationToken stop)
    {
        if (evidence(ban) is not { Behaviours.IsEmpty: false } abuse)
        {
            return null;
        }

        var (contact, failure) = await contacts.FindAsync(ban.Client, stop);
        if (contact is null)
        {
            return failure;
        }

        try
        {
            return store.TryClaim(ban.Network!.Value.ToString(), time.GetUtcNow(), settings.Interval, settings.MaxPerDay) ? await SendAsync(abuse, contact, isTest: false, stop) : null;
        }
        catch (LedgerException e)
        {
            return e.Message;
        }
    }

    private async Task<string?> SendAsync(ReportedAbuse abuse, string contact, bool isTest, CancellationToken stop)
    {
        var from = settings.MailFrom!;
        var domain = MailName.DomainOf(from)!;
        var organisation = settings.Organisation ?? domain;
        var document = XarfReport.Write(abuse, Guid.NewGuid(), organisation, from, domain, isTest);
        using var content = new MemoryStream(document, writable: false);
        using var attachment = new MimePart("application", "json") { FileName = "xarf.json", ContentDisposition = new ContentDisposition(ContentDisposition.Attachment), Content = new MimeContent(content) };
        var text = AbuseLetter.Of(abuse, organisation, from, isTest);
        using var body = new Multipart("mixed") { MailWriter.Text(text), attachment };
        return await mail.SendAsync([contact], writer.Write([contact], AbuseLetter.Subject(abuse, isTest), body, time.GetLocalNow(), organisation), stop);
    }
}
