using System.Runtime.InteropServices;
using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Engine.Replay;

/// <summary>What each client did over the whole of a replay, to judge afterwards who was banned wrongly and who was missed.</summary>
/// <param name="jail">The built-in jail.</param>
internal sealed class ReplayClients(JailOptions jail)
{
    private const int ProvenDays = 3;
    private readonly Dictionary<ClientAddress, Entry> _clients = [];

    /// <summary>Notes a session that is over.</summary>
    public void Note(SessionReport report)
    {
        if (!report.IsOver)
        {
            return;
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_clients, report.Client, out _);
        var day = (int)(report.Mark.Time.UtcTicks / TimeSpan.TicksPerDay);
        if (report.Accepted > 0 && (entry.DeliveredDays == 0 || entry.LastDelivered != day))
        {
            entry.DeliveredDays = (ushort)Math.Min(entry.DeliveredDays + 1, ushort.MaxValue);
            entry.LastDelivered = day;
        }

        entry.HasLoggedIn |= report.Mark.Traits.HasFlag(SessionTraits.LoggedIn);
        if (report.Id != ClientWindows.Deliveries && JailWeights.Of(report.Mark, jail) is > 0 and var score)
        {
            entry.Score = entry.ScoreDay == day ? entry.Score + (float)score : (float)score;
            entry.ScoreDay = day;
            entry.HighestScore = Math.Max(entry.HighestScore, entry.Score);
        }
    }

    /// <summary>What speaks for the clients of a network.</summary>
    public GenuineSign Sign(ClientNetwork network) => network.IsSingle
        ? Sign(_clients.GetValueOrDefault(network.First))
        : _clients.Where(pair => network.Contains(pair.Key)).Select(static pair => Sign(pair.Value)).DefaultIfEmpty().Max();

    /// <summary>Clients whose failures of one day would be a ban, which have none, and for which nothing speaks.</summary>
    public int CountMissed(IReadOnlyList<Ban> bans)
    {
        var banned = bans.Select(static ban => ban.Network).ToHashSet();
        var wide = banned.Where(static network => !network.IsSingle).ToList();
        return _clients.Count(pair => pair.Value.HighestScore >= jail.MaxRetry && Sign(pair.Value) == GenuineSign.None
            && !banned.Contains(ClientNetwork.Of(pair.Key)) && !wide.Exists(network => network.Contains(pair.Key)));
    }

    private static GenuineSign Sign(in Entry entry) => entry.HasLoggedIn ? GenuineSign.LoggedIn
        : entry.DeliveredDays >= ProvenDays ? GenuineSign.Proven
        : entry.DeliveredDays > 0 ? GenuineSign.Delivered : GenuineSign.None;

    private struct Entry
    {
        public int LastDelivered;
        public int ScoreDay;
        public float Score;
        public float HighestScore;
        public ushort DeliveredDays;
        public bool HasLoggedIn;
    }
}
