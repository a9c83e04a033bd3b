using Postern.Classification.Live;
using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>Many clients at the decider that makes the bans, as time goes on: who delivers, who logs in, and who shows what.</summary>
public abstract class BrakeScenario
{
    protected static readonly DateTimeOffset Begin = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly List<BrakeChange> _changes = [];
    private readonly Random _random = new(20261125);
    private ulong _id;

    protected BrakeScenario() => Decider = new BanDecider([new JailOptions()], null) { Braked = (change, _) => _changes.Add(change) };

    /// <summary>When the brake was pulled or let go.</summary>
    protected IReadOnlyList<BrakeChange> Changes => _changes;

    private protected BanDecider Decider { get; set; }

    protected DateTimeOffset Now { get; set; } = Begin;

    protected static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    // Each in a network of its own, three to a larger block.
    protected static ClientAddress[] Addresses(int first, int count) => [.. Enumerable.Range(0, count).Select(i => Address($"{first}.{i / 3}.{i % 3}.25"))];

    protected int Banned(IEnumerable<ClientAddress> clients) => clients.Count(Decider.Book.IsBanned);

    protected void Grow(IEnumerable<ClientAddress> clients, int days, bool login = false)
    {
        foreach (var client in clients)
        {
            for (var day = 1; day <= days; day++)
            {
                Day(client, day * 2, login);
            }
        }
    }

    protected void Day(ClientAddress client, int ago, bool login) =>
        Decider.Protections.Senders.Note(new SenderDay(client, DateOnly.FromDateTime(Begin.UtcDateTime).AddDays(-ago), Delivered: !login, Hostile: false, LoggedIn: login));

    protected void Run(TimeSpan span, Action step)
    {
        for (var end = Now + span; Now < end; Now += TimeSpan.FromSeconds(15))
        {
            step();
            Decider.Tick(Now);
        }
    }

    // How often a client comes is drawn for each quarter of a minute.
    protected void Each(IReadOnlyList<ClientAddress> clients, double chance, Action<ClientAddress> act)
    {
        foreach (var client in clients)
        {
            if (_random.NextDouble() < chance)
            {
                act(client);
            }
        }
    }

    protected void Deliver(ClientAddress client) => Decider.RecordSession(
        new SessionReport { Id = ClientWindows.Deliveries, Client = client, Mark = new SessionMark(LogTime.From(Now), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted), Accepted = 1 },
        "mail.log", Now);

    protected void LogIn(ClientAddress client) => Decider.RecordSession(
        new SessionReport { Id = ClientWindows.Deliveries, Client = client, Mark = new SessionMark(LogTime.From(Now), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted | SessionTraits.LoggedIn), Accepted = 1 },
        "mail.log", Now);

    protected void Show(ClientAddress client, Behaviour behaviour, int times) => Show(client, behaviour, SessionTraits.None, names: false, times);

    protected void Show(ClientAddress client, Behaviour behaviour, SessionTraits traits = SessionTraits.None, bool names = false, int times = 1, int userNames = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Decider.RecordSession(
                new SessionReport
                {
                    Id = ++_id,
                    Client = client,
                    Mark = new SessionMark(LogTime.From(Now), BehaviourSet.Of(behaviour), traits),
                    // Each tries other recipients, and as many user names as it has.
                    Variety = traits.HasFlag(SessionTraits.LoginFailed) ? 1 + (int)(_id % (ulong)userNames) : (int)_id,
                    HostName = names ? "mail.sender.example" : null,
                    Helo = names ? "mail.sender.example" : null,
                },
                "mail.log", Now);
        }
    }
}
