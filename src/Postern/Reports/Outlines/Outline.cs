using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <summary>How many clients of one verdict have one cause.</summary>
/// <param name="Cause">Which; <see cref="Cause.Unclear"/> where the evidence does not tell.</param>
/// <param name="Clients">How many.</param>
/// <param name="Names">Confirmed names of the first few.</param>
internal sealed record CauseGroup(Cause Cause, int Clients, IReadOnlyList<string> Names);

/// <summary>The facts of a report's first screen, summed up in one pass over the clients, of which there may be a million.</summary>
internal sealed class Outline
{
    private const int MostRows = 10;
    private const int MostNames = 3;
    private const int MostReasons = 4;
    private readonly Dictionary<(Verdict Verdict, Cause Cause), (int Clients, List<string> Names)> _causes = [];
    private readonly List<ClientFinding> _bans = [];
    private readonly List<ClientFinding> _protected = [];
    private readonly List<ClientFinding> _busiest = [];
    private readonly List<ClientFinding> _few = [];

    /// <summary>Sums up.</summary>
    /// <param name="explanation">What is summed up.</param>
    /// <param name="each">Called with each client that showed anything but delivery.</param>
    public Outline(Explanation explanation, Action<ClientFinding>? each = null)
    {
        Explanation = explanation;
        Botnet = explanation.Campaigns.Where(static campaign => campaign.Helo is not null).MaxBy(static campaign => campaign.Clients.Count);
        Guessing = [.. explanation.Campaigns.Where(static campaign => campaign.Cause == Cause.PasswordGuesser && campaign.Helo is null).Take(2)];
        Course = explanation.Transcript is { } transcript ? TranscriptCourse.Read(transcript) : null;
        Overview = new Overview(explanation, client =>
        {
            Add(client);
            each?.Invoke(client);
        });
        if (Overview.Clients > MostReasons)
        {
            _few.Clear();
        }
    }

    /// <summary>What was explained.</summary>
    public Explanation Explanation { get; }

    /// <summary>The sums over all clients.</summary>
    public Overview Overview { get; }

    /// <summary>The first clients to ban, at most 10.</summary>
    public IReadOnlyList<ClientFinding> Bans => _bans;

    /// <summary>The first clients that must not be banned, at most 10.</summary>
    public IReadOnlyList<ClientFinding> Protected => _protected;

    /// <summary>The abusive clients that came most often, at most 3.</summary>
    public IReadOnlyList<ClientFinding> Busiest => _busiest;

    /// <summary>The largest group of clients that share a HELO name over many networks; null where there is none.</summary>
    public Campaign? Botnet { get; }

    /// <summary>Groups of clients that guess passwords together, the largest two.</summary>
    public IReadOnlyList<Campaign> Guessing { get; }

    /// <summary>The clients whose reasons are told one by one: all of them where they are few, else none.</summary>
    public IReadOnlyList<ClientFinding> Few => _few;

    /// <summary>Sessions of the clients to ban.</summary>
    public long BanSessions { get; private set; }

    /// <summary>Clients to ban that have a confirmed PTR name, and how many of these look like customer lines.</summary>
    public (int Confirmed, int Generic, int Listed) BanNames { get; private set; }

    /// <summary>Messages that were accepted from clients to ban, and from how many of them.</summary>
    public (int Messages, int Clients) BanAccepted { get; private set; }

    /// <summary>Clients to ban or to watch that logged in after failures.</summary>
    public int LoggedIn { get; private set; }

    /// <summary>Sessions in which foreign recipients were accepted without a login.</summary>
    public int Relayed { get; private set; }

    /// <summary>Sessions with logins that failed.</summary>
    public long FailedLogins => (Overview.Find(Behaviour.AuthBruteForce)?.Sessions ?? 0) + (Overview.Find(Behaviour.AuthFailure)?.Sessions ?? 0);

    /// <summary>Sessions that a DNS list refused.</summary>
    public long Listed => Overview.Find(Behaviour.DnsblListed)?.Sessions ?? 0;

    /// <summary>The DNS list that refused the first of them; null where none is named.</summary>
    public string? List { get; private set; }

    /// <summary>Clients of the botnet that have a confirmed PTR name.</summary>
    public int BotnetNamed { get; private set; }

    /// <summary>True where tests of the senders were made.</summary>
    public bool HasTests { get; private set; }

    /// <summary>The course of the only session, where the input is one transcript; else null.</summary>
    public TranscriptCourse? Course { get; }

    /// <summary>True where the input is one pasted transcript that does not name its client.</summary>
    public bool IsTranscript => Explanation.Transcript is not null && Explanation.Clients is [{ Address.IsKnown: false }];

    /// <summary>True where it is such a transcript, and neither the server nor a genuine sender has a fault.</summary>
    public bool IsHarmlessTranscript => IsTranscript && Relayed == 0
        && Explanation.Clients[0].Cause.Cause is not (Cause.OwnFault or Cause.GenuineSender or Cause.FaultySender or Cause.MisconfiguredClient);

    /// <summary>The causes of the clients with a verdict, the most frequent first, what is unclear last.</summary>
    public IReadOnlyList<CauseGroup> Causes(Verdict verdict) => [.. _causes.Where(pair => pair.Key.Verdict == verdict)
        .OrderBy(static pair => pair.Key.Cause == Cause.Unclear).ThenByDescending(static pair => pair.Value.Clients).ThenBy(static pair => pair.Key.Cause)
        .Select(static pair => new CauseGroup(pair.Key.Cause, pair.Value.Clients, pair.Value.Names))];

    private void Add(ClientFinding client)
    {
        var isAbusive = client.Verdict is Verdict.Ban or Verdict.Watch;
        Note(client);
        Keep(_few, client, MostReasons + 1);
        HasTests |= client.Tests.Count > 0;
        BotnetNamed += Botnet is not null && client.NameIsConfirmed && !string.IsNullOrEmpty(client.HostName) && client.HeloNames.Contains(Botnet.Helo, StringComparer.OrdinalIgnoreCase) ? 1 : 0;
        foreach (var clue in client.Cause.Clues)
        {
            Relayed += clue.Kind == ClueKind.ForeignAccepted ? clue.Number : 0;
            List ??= clue.Kind == ClueKind.Listed && !string.IsNullOrEmpty(clue.Text) ? clue.Text : null;
            LoggedIn += isAbusive && clue.Kind == ClueKind.LoggedIn && client.Cause.Cause is Cause.PasswordGuesser or Cause.AccountThief ? 1 : 0;
        }

        switch (client.Verdict)
        {
            case Verdict.Ban:
                BanSessions += client.Sessions;
                BanAccepted = client.Accepted > 0 ? (BanAccepted.Messages + client.Accepted, BanAccepted.Clients + 1) : BanAccepted;
                var isNamed = client.NameIsConfirmed && !string.IsNullOrEmpty(client.HostName);
                BanNames = (BanNames.Confirmed + (isNamed ? 1 : 0), BanNames.Generic + (IsGeneric(client) ? 1 : 0), BanNames.Listed + (client.Behaviours.Any(static pair => pair.Key == Behaviour.DnsblListed) ? 1 : 0));
                Keep(_bans, client, MostRows);
                break;
            case Verdict.Protect:
                Keep(_protected, client, MostRows);
                break;
            default:
                break;
        }

        if (isAbusive)
        {
            var at = _busiest.FindIndex(other => other.Sessions < client.Sessions);
            _busiest.Insert(at < 0 ? _busiest.Count : at, client);
            if (_busiest.Count > MostNames)
            {
                _busiest.RemoveAt(MostNames);
            }
        }
    }

    /// <summary>True where the PTR name looks like a line of an access provider.</summary>
    public static bool IsGeneric(ClientFinding client) => client.Cause.Clues.Any(static clue => clue.Kind == ClueKind.GenericName);

    // A cause that the report calls unclear is unclear in every place.
    private void Note(ClientFinding client)
    {
        var cause = Certainties.Of(client.Cause.Confidence) == Certainty.CannotTell ? Cause.Unclear : client.Cause.Cause;
        var (clients, names) = _causes.GetValueOrDefault((client.Verdict, cause), (0, []));
        if (names.Count < MostNames && client.NameIsConfirmed && !string.IsNullOrEmpty(client.HostName))
        {
            names.Add(client.HostName);
        }

        _causes[(client.Verdict, cause)] = (clients + 1, names);
    }

    private static void Keep(List<ClientFinding> list, ClientFinding client, int most)
    {
        if (list.Count < most)
        {
            list.Add(client);
        }
    }
}
