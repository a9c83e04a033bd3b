using System.Globalization;
using Postern.Decisions.Bans;
using Postern.Decisions.Protection;
using Postern.Engine.Bans;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Engine.Fail2Ban;

/// <summary>
/// Makes the bans that fail2ban's jails decide: their counts and times hold, and so does our protection, but for what only the
/// DNS says.
/// </summary>
/// <param name="decider">Where all bans are made.</param>
/// <param name="notBannable">Told of a jail that bans by something that is no address, and by what.</param>
internal sealed class Fail2BanDecider(BanDecider decider, Action<string, string> notBannable)
{
    // Longer than any firewall keeps anything, and a date that every program can print.
    private static readonly TimeSpan s_forEver = TimeSpan.FromDays(36500);

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Counts what the jails found, and makes the bans that they decided.</summary>
    public void RecordFindings(Fail2BanReport report, DateTimeOffset now)
    {
        foreach (var (finding, kept) in report.Failures)
        {
            if (kept is not null)
            {
                decider.Changes.Failures.Add(kept);
            }

            if (finding.Ban is { } ban)
            {
                Decide(finding, ban, now);
            }
        }

        if (report.End is { } end)
        {
            decider.Changes.Note(end);
        }
    }

    /// <summary>The failures of earlier runs that led to no ban yet.</summary>
    public IEnumerable<Failure> Unjudged(IEnumerable<Failure> failures) => failures.Where(failure =>
        failure.Jail is { } jail && !(Last(NetworkOf(failure.Client, null), jail) is { } ban && failure.Mark.Time.UtcTicks <= ban.From.UtcTicks));

    /// <summary>How often somebody was banned before, by a jail or (null) by all.</summary>
    public int Earlier(string? jail, string id)
    {
        if (!ClientAddress.TryParse(id, out var client))
        {
            return 0;
        }

        var network = NetworkOf(client, null);
        return jail is not null ? Repetitions(network, jail) : decider.Book.JailsOf(network).Sum(one => Repetitions(network, one));
    }

    private void Decide(Fail2BanFinding finding, Fail2BanBan decided, DateTimeOffset now, PendingBan? again = null)
    {
        var until = BanTimes.Until(decided.From, decided.Length is { } length && length < s_forEver ? length : s_forEver);
        if (until <= now)
        {
            return;
        }

        if (!finding.Id.Address.IsKnown)
        {
            if (_told.Add(finding.Jail))
            {
                notBannable(finding.Jail, finding.Id.Text);
            }

            return;
        }

        var client = finding.Id.Address;
        var near = again ?? new PendingBan(
            client, finding.Jail, finding.Jail, decider.Ties.HasNames(client, null, null, decider.Protections.VerdictOf(client, now)),
            (waited, later) => Decide(finding, decided, later, waited))
        {
            At = now,
            Groups = decider.Brake.Lately(decider.MarksOf(client), now),
            IsGuesser = decider.IsGuesser(client, now),
        };
        if (again is null && (decider.Brake.Hold(near, now) ?? decider.Brake.HoldOf(near)) is { } hold)
        {
            decider.Brake.Keep(near with { Reason = hold.Reason });
            decider.Spare(client, finding.Jail, hold, now);
            return;
        }

        if (Spared(client, finding.Jail, now) is { } spared)
        {
            decider.Spare(spared);
            return;
        }

        if (decider.Brake.Waits(near, now))
        {
            return;
        }

        var (network, left) = decider.Around(NetworkOf(client, finding.Id.PrefixLength), client, finding.Jail);
        var standing = Standing(network, finding.Jail);
        if (standing?.Until >= until)
        {
            return;
        }

        decider.Make(new Ban
        {
            Network = network,
            Client = client,
            Spared = left,
            Jail = finding.Jail,
            // One that goes on is the same ban, which lasts longer.
            From = standing?.From ?? decided.From,
            Until = until,
            Reason = string.Create(CultureInfo.InvariantCulture, $"{decided.Failures} failures by fail2ban's filter"),
            Trigger = BanTrigger.Filter,
            Failures = decided.Failures + (standing?.Failures ?? 0),
            Repetition = standing?.Repetition ?? (Repetitions(network, finding.Jail) + 1),
        }, near);
    }

    private SuppressedBan? Spared(ClientAddress client, string jail, DateTimeOffset now)
    {
        // The jails of other services than mail ban machines of a private network, as fail2ban does.
        var facts = decider.Protections.FactsOf(client, jail, now, now - decider.Horizon).With(null) with { IsPrivate = false };
        var ruling = ProtectionRules.Judge(facts, default, decider.MarksOf(client), decider.Jails[0], now);
        return ruling.Answer == ProtectionAnswer.Suppress ? ruling.ToSuppressed(client, jail, now) : null;
    }

    private int Repetitions(ClientNetwork network, string jail) => Last(network, jail)?.Repetition ?? 0;

    private Ban? Last(ClientNetwork network, string jail) => Standing(network, jail) ?? decider.Book.Past(network, jail);

    private Ban? Standing(ClientNetwork network, string jail) => decider.Book.Of(network).FirstOrDefault(ban => string.Equals(ban.Jail, jail, StringComparison.Ordinal));

    // Of IPv6 what one host usually owns: it may take a new address for every session.
    private static ClientNetwork NetworkOf(ClientAddress client, int? prefixLength) => ClientNetwork.Of(client, prefixLength ?? (client.IsIPv4 ? 32 : 64));
}
