using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Finds abusive clients of many networks that greet with one HELO name: one program on many machines, a botnet. Mail programs share
/// names as well (<c>localhost</c>, <c>smtpclient.apple</c>), so only clients count whose sessions no mail program makes.
/// </summary>
internal static class GreetingCampaigns
{
    private const int FewestClients = 10;
    private const int FewestNetworks = 5;
    private static readonly BehaviourSet s_abusive = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand, Behaviour.HttpRequest, Behaviour.OtherProtocol, Behaviour.AuthBruteForce,
        Behaviour.UserEnumeration, Behaviour.DnsblListed, Behaviour.PipeliningAbuse, Behaviour.EarlyTalker, Behaviour.SmugglingAttempt);

    /// <summary>All of them, in no order.</summary>
    public static List<Campaign> Find(IReadOnlyDictionary<ClientAddress, ClientHistory> clients)
    {
        // Most names are of one client each: they are counted before anything is kept of them.
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (client, history) in clients)
        {
            if (IsAbusive(client, history))
            {
                foreach (var helo in history.Details!.Helos.Items)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, helo, out _)++;
                }
            }
        }

        var members = counts.Where(static pair => pair.Value >= FewestClients).ToDictionary(static pair => pair.Key, static _ => new List<ClientAddress>(), StringComparer.OrdinalIgnoreCase);
        if (members.Count == 0)
        {
            return [];
        }

        foreach (var (client, history) in clients)
        {
            if (IsAbusive(client, history))
            {
                foreach (var helo in history.Details!.Helos.Items)
                {
                    members.GetValueOrDefault(helo)?.Add(client);
                }
            }
        }

        return [.. members.Select(pair => Of(pair.Key, pair.Value, clients)).OfType<Campaign>()];
    }

    private static bool IsAbusive(ClientAddress client, ClientHistory history)
    {
        if (history.Details is null || history.Accepted > 0 || history.LoggedIn > 0 || !client.IsKnown)
        {
            return false;
        }

        foreach (var mark in history.Marks)
        {
            if (mark.Behaviours.Overlaps(s_abusive))
            {
                return true;
            }
        }

        return false;
    }

    private static Campaign? Of(string helo, List<ClientAddress> members, IReadOnlyDictionary<ClientAddress, ClientHistory> clients)
    {
        var networks = members.Select(GuessingLimits.NetworkOf).Distinct().Count();
        if (networks < FewestNetworks)
        {
            return null;
        }

        members.Sort();
        var histories = members.ConvertAll(client => clients[client]);
        var counts = new int[BehaviourSet.Known];
        foreach (var history in histories)
        {
            foreach (var mark in history.Marks)
            {
                foreach (var behaviour in mark.Behaviours)
                {
                    counts[(int)behaviour] += s_abusive.Has(behaviour) || behaviour is Behaviour.AuthFailure or Behaviour.RelayProbe ? 1 : 0;
                }
            }
        }

        var pauses = histories.Where(static history => history.Sessions > 1 && history.First.IsKnown)
            .Select(static history => (history.Last.UtcTicks - history.First.UtcTicks) / (history.Sessions - 1)).Order().ToList();
        return new Campaign((Behaviour)Array.IndexOf(counts, counts.Max()), members, histories.Sum(static history => history.Sessions),
            histories.Min(static history => history.First), histories.Max(static history => history.Last))
        {
            Helo = helo,
            DistinctNetworks = networks,
            FewestSessions = histories.Min(static history => history.Sessions),
            MedianSessions = histories.Select(static history => history.Sessions).Order().ElementAt(histories.Count / 2),
            MostSessions = histories.Max(static history => history.Sessions),
            Pause = pauses.Count == 0 ? null : TimeSpan.FromTicks(pauses[pauses.Count / 2]),
            Failures = histories.Sum(static history => history.Details!.FailedLogins),
        };
    }
}
