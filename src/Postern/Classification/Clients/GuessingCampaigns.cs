using Postern.Classification.Accounts;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Finds password guessing that is spread over many clients, each of which fails a few times. Users with an old password are
/// many, too, where an own login service goes wrong; but in their networks somebody logs in.
/// </summary>
internal static class GuessingCampaigns
{
    private const int FewestGuessers = 3;
    private const int FewestClients = 10;
    private const int FewestFailures = 30;
    private const int FewestOfNetwork = 3;
    private const int MostNetworks = 5;
    private const int MostNames = 8;
    private static readonly long s_gap = TimeSpan.FromMinutes(30).Ticks;

    /// <summary>All of them.</summary>
    public static List<Campaign> Find(IReadOnlyDictionary<ClientAddress, ClientHistory> clients, LoginDays logins)
    {
        var tries = new List<Try>();
        foreach (var (client, history) in clients)
        {
            if (history.Details is not { FailedLogins: > 0 } || !client.IsKnown)
            {
                continue;
            }

            foreach (var mark in history.Marks)
            {
                var guesses = mark.Behaviours.Has(Behaviour.AuthBruteForce);
                if (mark.Time.IsKnown && (guesses || (mark.Behaviours.Has(Behaviour.AuthFailure) && !logins.Near(client, mark.Time))))
                {
                    tries.Add(new Try(mark.Time, client, mark.Traits.HasFlag(SessionTraits.LoginFailed) ? mark.Failures : 1, guesses));
                }
            }
        }

        tries.Sort(static (a, b) => a.Time.CompareTo(b.Time));
        var found = new List<Campaign>();
        var first = 0;
        for (var i = 1; i <= tries.Count; i++)
        {
            if (i < tries.Count && tries[i].Time.UtcTicks - tries[i - 1].Time.UtcTicks <= s_gap)
            {
                continue;
            }

            var run = tries.GetRange(first, i - first);
            if (IsCampaign(run))
            {
                found.Add(Of(run, clients));
            }

            first = i;
        }

        return found;
    }

    /// <summary>Every client that takes part in one, with how many do.</summary>
    public static Dictionary<ClientAddress, int> Members(IReadOnlyList<Campaign> campaigns)
    {
        var members = new Dictionary<ClientAddress, int>();
        foreach (var campaign in campaigns.Where(static campaign => campaign is { Behaviour: Behaviour.AuthBruteForce, Cause: Cause.PasswordGuesser }))
        {
            foreach (var client in campaign.Clients)
            {
                members[client] = Math.Max(members.GetValueOrDefault(client), campaign.Clients.Count);
            }
        }

        return members;
    }

    private static bool IsCampaign(List<Try> run) =>
        run.Where(static one => one.IsGuess).Select(static one => one.Client).Distinct().Count() >= FewestGuessers
        || (run.Sum(static one => one.Failures) >= FewestFailures && run.Select(static one => one.Client).Distinct().Count() >= FewestClients);

    private static Campaign Of(List<Try> run, IReadOnlyDictionary<ClientAddress, ClientHistory> clients)
    {
        var who = run.Select(static one => one.Client).Distinct().Order().ToArray();
        var networks = who.GroupBy(GuessingLimits.NetworkOf).Where(static network => network.Count() >= FewestOfNetwork)
            .OrderByDescending(static network => network.Count()).Take(MostNetworks)
            .Select(static network => new CampaignNetwork(network.Key, network.Count())).ToList();
        var names = who.SelectMany(client => clients[client].Details!.UserNames.Items).GroupBy(static name => name, StringComparer.Ordinal)
            .OrderByDescending(static name => name.Count()).ThenBy(static name => name.Key, StringComparer.Ordinal).Take(MostNames).Select(static name => name.Key).ToList();
        return new Campaign(Behaviour.AuthBruteForce, who, run.Count, run[0].Time, run[^1].Time)
        {
            Cause = Cause.PasswordGuesser,
            Failures = run.Sum(static one => one.Failures),
            Networks = networks,
            UserNames = names,
        };
    }

    private readonly record struct Try(LogTime Time, ClientAddress Client, int Failures, bool IsGuess);
}
