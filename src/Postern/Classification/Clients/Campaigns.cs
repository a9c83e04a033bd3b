using System.Runtime.InteropServices;
using Postern.Classification.Accounts;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Finds campaigns: three or more clients that show the same behaviour with never more than half an hour between one
/// session and the next of any of them.
/// </summary>
internal static class Campaigns
{
    private const int FewestClients = 3;
    private static readonly long s_gap = TimeSpan.FromMinutes(30).Ticks;

    // What genuine senders do in the course of a day is no campaign, however many do it.
    private static readonly BehaviourSet s_ordinary = BehaviourSet.Of(
        Behaviour.Delivered, Behaviour.RejectedMail, Behaviour.OutOfStep, Behaviour.ServerTrouble, Behaviour.TlsHandshakeFailure, Behaviour.AuthFailure,
        Behaviour.ProbeAndQuit, Behaviour.Hangup);

    /// <summary>All campaigns, the largest first.</summary>
    /// <param name="clients">Every client.</param>
    /// <param name="logins">From where somebody logged in.</param>
    public static IReadOnlyList<Campaign> Find(IReadOnlyDictionary<ClientAddress, ClientHistory> clients, LoginDays logins)
    {
        var byBehaviour = new List<(LogTime Time, ClientAddress Client)>?[BehaviourSet.Known];
        foreach (var (client, history) in clients)
        {
            foreach (var mark in history.Marks)
            {
                if (!mark.Time.IsKnown)
                {
                    continue;
                }

                foreach (var behaviour in mark.Behaviours.Except(s_ordinary))
                {
                    (byBehaviour[(int)behaviour] ??= []).Add((mark.Time, client));
                }
            }
        }

        var found = new List<Campaign>[byBehaviour.Length];
        Parallel.For(0, byBehaviour.Length, i => found[i] = byBehaviour[i] is { } sessions ? FindIn((Behaviour)i, sessions) : []);
        found[(int)Behaviour.AuthBruteForce] = GuessingCampaigns.Find(clients, logins);
        return [.. found.SelectMany(campaigns => campaigns).Concat(GreetingCampaigns.Find(clients)).OrderByDescending(campaign => campaign.Clients.Count).ThenByDescending(campaign => campaign.Sessions)
            .ThenBy(campaign => campaign.Behaviour)];
    }

    private static List<Campaign> FindIn(Behaviour behaviour, List<(LogTime Time, ClientAddress Client)> sessions)
    {
        var found = new List<Campaign>();
        sessions.Sort(static (a, b) => a.Time.CompareTo(b.Time));
        var first = 0;
        for (var i = 1; i <= sessions.Count; i++)
        {
            if (i < sessions.Count && sessions[i].Time.UtcTicks - sessions[i - 1].Time.UtcTicks <= s_gap)
            {
                continue;
            }

            var run = CollectionsMarshal.AsSpan(sessions)[first..i];
            var clients = Clients(run);
            if (clients.Length >= FewestClients)
            {
                found.Add(new Campaign(behaviour, clients, run.Length, run[0].Time, run[^1].Time));
            }

            first = i;
        }

        return found;
    }

    // Each once, in their order; a million of them take no more memory than that.
    private static ClientAddress[] Clients(ReadOnlySpan<(LogTime Time, ClientAddress Client)> run)
    {
        var clients = new ClientAddress[run.Length];
        for (var i = 0; i < run.Length; i++)
        {
            clients[i] = run[i].Client;
        }

        Array.Sort(clients);
        var count = 0;
        for (var i = 0; i < clients.Length; i++)
        {
            if (i == 0 || clients[i] != clients[count - 1])
            {
                clients[count++] = clients[i];
            }
        }

        return count == clients.Length ? clients : clients[..count];
    }
}
