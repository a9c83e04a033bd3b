using Postern.Facts;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Jails;

/// <summary>What a jail found in a line.</summary>
/// <param name="Jail">The jail's name.</param>
/// <param name="Id">Whom the failure is counted by.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Ban">The ban that it makes; null for none.</param>
internal sealed record Fail2BanFinding(string Jail, FailureId Id, DateTimeOffset Time, Fail2BanBan? Ban);

/// <summary>A ban that a jail makes.</summary>
/// <param name="From">When it begins: at its last failure.</param>
/// <param name="Length">How long it lasts; null for ever.</param>
/// <param name="Failures">The failures that made it.</param>
internal sealed record Fail2BanBan(DateTimeOffset From, TimeSpan? Length, int Failures);

/// <summary>How often somebody was banned before: in one jail, or in all.</summary>
/// <param name="jail">The jail's name; null for all jails.</param>
/// <param name="id">By whom failures are counted.</param>
internal delegate int EarlierBans(string? jail, string id);

/// <summary>Runs a jail over the lines of one of its logs, in the order in which they were written.</summary>
internal sealed class Fail2BanJailRun
{
    private readonly Fail2BanJail _jail;
    private readonly FilterMatcher _matcher;
    private readonly FailureWindow _window;
    private readonly IgnoreRules _ignored;
    private readonly EarlierBans _earlier;
    private readonly TimeProvider _time;
    private readonly Random _chance;

    /// <summary>A run of a jail over one log.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="window">Its failures, which all of its logs share.</param>
    /// <param name="ignored">Whom it never bans.</param>
    /// <param name="earlier">Bans before.</param>
    /// <param name="clock">The present.</param>
    /// <param name="resolve">The addresses of a name; null to look none up.</param>
    /// <param name="chance">For the random part of ban times.</param>
    /// <param name="refuses">Asked of each address that a match names: true where the lines are another client's; null to ask nobody.</param>
    public Fail2BanJailRun(
        Fail2BanJail jail, FailureWindow window, IgnoreRules ignored, EarlierBans earlier, DateClock clock, Func<string, IReadOnlyList<ClientAddress>>? resolve, Random chance,
        Func<FailureId, IReadOnlyList<LineParts>, bool>? refuses = null)
    {
        (_jail, _window, _ignored, _earlier, _time, _chance) = (jail, window, ignored, earlier, clock.Time, chance);
        _matcher = new FilterMatcher(jail.Filter, new FilterOptions { DefaultOffset = jail.LogOffset, Resolve = resolve, Refuses = refuses }, clock);
    }

    /// <summary>The jail.</summary>
    public Fail2BanJail Jail => _jail;

    /// <summary>Whether lines are read as they are written: then one whose time is far from now (a wrong zone) counts as happening now.</summary>
    public bool IsLive
    {
        get => _matcher.InOperation;
        set => _matcher.InOperation = value;
    }

    /// <summary>What a line tells; its line feed is left out.</summary>
    public IReadOnlyList<Fail2BanFinding> Take(string line) => Judge(_matcher.Match(line));

    /// <summary>The same of a line in UTF-8; what is none is replaced.</summary>
    public IReadOnlyList<Fail2BanFinding> Take(ReadOnlySpan<byte> line) => Judge(_matcher.Match(line));

    /// <summary>What an entry of the journal tells.</summary>
    public IReadOnlyList<Fail2BanFinding> Take(string message, DateTimeOffset time) => Judge(_matcher.Match(message, time.ToUnixTimeMilliseconds() / 1000.0));

    private Fail2BanFinding[] Judge(FilterResult result)
    {
        if (result.Matches.Count == 0)
        {
            return [];
        }

        var findings = new List<Fail2BanFinding>();
        foreach (var match in result.Matches)
        {
            if (match.Id is { } id && !match.Failure.IsNoFailure && match.Time is { } time && !IsOld(time) && !_ignored.Covers(id))
            {
                findings.Add(Count(id, time));
            }
        }

        return [.. findings];
    }

    private bool IsOld(double time) => time < (_time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0) - _jail.FindTime;

    private Fail2BanFinding Count(FailureId id, double time)
    {
        var rule = _jail.BanTime;
        var here = rule.Increments ? _earlier(_jail.Name, id.Text) : 0;
        Fail2BanBan? ban = null;
        if (_window.Add(id.Text, time, rule.Retries(here, _jail.MaxRetry)) is { } reached)
        {
            var before = rule is { Increments: true, CountsAllJails: true } ? _earlier(null, id.Text) : here;
            ban = new Fail2BanBan(At(reached.Time), rule.Length(before, _chance.NextDouble()), reached.Failures);
        }

        return new Fail2BanFinding(_jail.Name, id, At(time), ban);
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(Math.Clamp(seconds, -60e9, 250e9) * TimeSpan.TicksPerSecond));
}
