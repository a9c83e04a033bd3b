using System.Globalization;
using System.Text;

namespace Postern.Tests.Day;

/// <summary>
/// A day's mail log of one server, made from sessions. Always the same for the same seed, release and places.
/// </summary>
internal sealed class DayLog(Release release, int seed, Places places)
{
    /// <summary>When the day begins.</summary>
    public static DateTimeOffset Midnight { get; } = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Session> _sessions = [];
    private readonly Dictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private int _messages;
    private int _genuine;
    private int _attackers;

    /// <summary>The release of Postfix that writes.</summary>
    public Release Release => release;

    /// <summary>The dice.</summary>
    public Random Random { get; private set; } = new(seed);

    /// <summary>Who plays which part, by address.</summary>
    public IReadOnlyDictionary<string, Part> Parts => _parts;

    /// <summary>Sessions so far.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Hands so many clients a part and lets them play it. Each part has dice of its own, so that one more client changes no other part.</summary>
    public void Cast(string part, int count, bool isGenuine, Func<int, Client> client, Action<DayLog, Client> play)
    {
        var dice = Random;
        Random = new Random(HashCode(part));
        for (var i = 0; i < count; i++)
        {
            var one = client(i);
            _parts.Add(one.Address, new Part(part, isGenuine));
            play(this, one);
        }

        Random = dice;
    }

    /// <summary>A further address of a client of that part.</summary>
    public void Join(string part, Client client) => _parts.TryAdd(client.Address, new Part(part, true));

    /// <summary>A mail server with its names in order.</summary>
    public Client Server() => Of(n => new(places.Server(n), $"mail.sender{n}.example", $"mail.sender{n}.example"));

    /// <summary>A user's connection, named by its access provider.</summary>
    public Client Home() => Of(n => new(places.Home(n), $"cust-{n}.access.isp.example", $"[192.168.1.{n % 200}]"));

    /// <summary>One of the thirty addresses of a large provider's pool.</summary>
    public Client Pool(int i) => new(places.Pool(i), $"mail-pool{i}.large{i / 30}.example", $"mail-pool{i}.large{i / 30}.example");

    /// <summary>An attacker's host.</summary>
    public Client Bot()
    {
        var n = _attackers++;
        return new(places.Bot(n), n % 3 == 0 ? $"host-{n}.dynamic.isp.example" : "unknown", $"win-{n:x}");
    }

    private Client Of(Func<int, Client> client) => client(_genuine++);

    /// <summary>A session of a client.</summary>
    public Session Open(Client client, double at, string service = "smtpd")
    {
        var session = new Session(this, client, at, service);
        _sessions.Add(session);
        return session;
    }

    /// <summary>
    /// Makes an outage of a day that has been played: what was to succeed or fail within that time fails otherwise, and is tried
    /// again until the outage is over.
    /// </summary>
    /// <param name="from">Second of the day.</param>
    /// <param name="to">Second of the day.</param>
    /// <param name="isAffected">Which sessions.</param>
    /// <param name="fail">One try.</param>
    public void Break(double from, double to, Predicate<Session> isAffected, Action<DayLog, Client, double, string> fail)
    {
        var broken = _sessions.Where(session => session.Start > from && session.Start < to && isAffected(session)).ToList();
        _sessions.RemoveAll(session => session.Start > from && session.Start < to && isAffected(session));
        Random = new Random(HashCode("outage"));
        foreach (var session in broken)
        {
            var pause = Pick(60, 300, 300, 600);
            for (var (at, tries) = (session.Start, 0); at < to && tries < 20; at += pause, tries++)
            {
                fail(this, session.Client, at, session.Service);
            }
        }
    }

    /// <summary>The genuine clients, and whether they submit mail of their own.</summary>
    public IEnumerable<(Client Client, bool Submits)> Genuine() => _sessions.GroupBy(session => session.Client.Address, StringComparer.Ordinal)
        .Where(group => _parts[group.Key].IsGenuine)
        .Select(group => (group.First().Client, group.Any(session => session.Service.StartsWith("submission", StringComparison.Ordinal))));

    /// <summary>The next queue id.</summary>
    public string QueueId() => (0x4A0000000 + (++_messages * 37L)).ToString("X", CultureInfo.InvariantCulture);

    /// <summary>A second of the day; three of four are in office hours.</summary>
    public double Moment(double margin = 3600) =>
        Random.Next(4) == 0 ? Random.NextDouble() * (86400 - margin) : (8 * 3600) + (Random.NextDouble() * 10 * 3600);

    /// <summary>One of these.</summary>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Random.Next(choices.Length)];

    /// <summary>The lines in the order of time, each with its second of the day. What would be after midnight is left out.</summary>
    public List<(int Second, string Line)> Lines(double from = 0, double to = 86400)
    {
        var free = new PriorityQueue<int, (double, int)>();
        var next = 1000;
        var lines = new List<(double Time, long Order, string Line)>();
        foreach (var session in _sessions.OrderBy(session => session.Lines[0].Time))
        {
            // A process has one session at a time, and takes another a moment after the last.
            var process = free.TryPeek(out _, out var since) && since.Item1 < session.Lines[0].Time - 1 ? free.Dequeue() : ++next;
            free.Enqueue(process, (session.Now, process));
            foreach (var (time, daemon, text) in session.Lines)
            {
                lines.Add((time, lines.Count, Line(time, daemon ?? session.Service, daemon is null ? process : 700, text)));
            }
        }

        lines.Sort((a, b) => a.Time.CompareTo(b.Time) is var order && order != 0 ? order : a.Order.CompareTo(b.Order));
        return [.. lines.Where(line => line.Time >= from && line.Time < to).Select(line => ((int)line.Time, line.Line))];
    }

    private static string Line(double time, string daemon, int process, string text) =>
        $"{(Midnight + TimeSpan.FromSeconds(Math.Floor(time))).ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} mx postfix/{daemon}[{process}]: {text}\n";

    private int HashCode(string part)
    {
        var hash = seed;
        foreach (var b in Encoding.UTF8.GetBytes(part))
        {
            hash = unchecked((hash * 31) + b);
        }

        return hash;
    }
}

/// <summary>What a client is.</summary>
/// <param name="Name">For messages.</param>
/// <param name="IsGenuine">False for an attacker, who must be banned.</param>
internal sealed record Part(string Name, bool IsGenuine);
