using System.Collections.Concurrent;
using Postern.Checks.Dns;

namespace Postern.Checks.Dnsbl;

/// <summary>
/// Asks each list's test points (RFC 5782, 5) before its first use and every hour: 127.0.0.2 must be listed and 127.0.0.1 must not;
/// of a list of domains, INVALID must not. A list that fails is switched off until it passes again: one that lists everybody, as lists
/// do that were given up, would refuse all mail.
/// </summary>
/// <param name="every">The time between two tests; null for none.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Told once of every change: the list, and what is wrong with it, or null where it is sound again.</param>
public sealed class DnsblHealth(TimeSpan? every, TimeProvider time, Action<string, string?>? report = null)
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The lists that were tested, and whether each is in use.</summary>
    public IEnumerable<(string List, bool IsInUse)> Tested => _states.Where(static pair => pair.Value.IsTested).Select(static pair => (pair.Key, pair.Value.Problem is null));

    /// <summary>Why a list is switched off; null for one in use.</summary>
    public async ValueTask<string?> FindProblemAsync(DnsblZone zone, IResolver dns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(dns);
        if (every is not { } interval)
        {
            return null;
        }

        var state = _states.GetOrAdd(zone.Zone, static _ => new State());
        Task? test = null;
        lock (state)
        {
            if (time.GetUtcNow() >= state.Next && state.Test is null or { IsCompleted: true })
            {
                test = state.Test = TestAsync(state, zone, interval, dns);
            }
            else if (!state.IsTested)
            {
                // Nobody is judged by a list that was never tested. Later tests hold up one session alone.
                test = state.Test;
            }
        }

        if (test is not null)
        {
            await test.WaitAsync(cancellationToken);
        }

        return state.Problem;
    }

    /// <summary>Tests every list anew before its next use: another resolver may answer otherwise. What was reported of a list stands until then.</summary>
    public void TestAgain()
    {
        foreach (var state in _states.Values)
        {
            lock (state)
            {
                (state.Next, state.IsTested) = (default, false);
            }
        }
    }

    private async Task TestAsync(State state, DnsblZone zone, TimeSpan interval, IResolver dns)
    {
        // The caller holds the lock: go on only after the task has its place.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // Others may wait for this test, so that it does not end with the session that began it; the resolver bounds it.
        var (problem, isTrouble) = await TestAsync(zone, dns, CancellationToken.None);
        if (!isTrouble && problem is null != state.Problem is null)
        {
            report?.Invoke(zone.Zone, problem);
        }

        lock (state)
        {
            state.Problem = isTrouble ? state.Problem : problem;
            state.Next = time.GetUtcNow() + (isTrouble ? s_again : interval);
            state.IsTested = true;
        }
    }

    private static async Task<(string? Problem, bool IsTrouble)> TestAsync(DnsblZone zone, IResolver dns, CancellationToken cancellationToken)
    {
        var isOfAddresses = zone.Subject == DnsblSubject.Address;
        var freeTask = dns.QueryAsync(new($"{(isOfAddresses ? "1.0.0.127" : "invalid")}.{zone.Zone}", DnsType.A), cancellationToken);
        var listed = isOfAddresses ? await dns.QueryAsync(new($"2.0.0.127.{zone.Zone}", DnsType.A), cancellationToken) : null;
        var free = await freeTask;
        // A time-out is the network's; the questions about clients meet it, too, and count neither way.
        return free.IsTrouble || listed is { IsTrouble: true } ? (null, true)
            : (listed?.Addresses ?? free.Addresses).FirstOrDefault(a => IsError((uint)a.Low)) is { IsKnown: true } error ? ($"it answers {error}, which is an error", false)
            : free.Addresses.Count > 0 ? (isOfAddresses ? "it lists 127.0.0.1, and so perhaps everybody" : "it lists the name INVALID, and so perhaps everybody", false)
            : listed is { Addresses.Count: 0 } ? ("it does not list 127.0.0.2, as every list in use does", false)
            : (null, false);
    }

    private static bool IsError(uint answer) => (answer & 0xFFFF_FF00) == 0x7FFF_FF00;

    private sealed class State
    {
        private volatile string? _problem;

        public Task? Test { get; set; }

        public bool IsTested { get; set; }

        public DateTimeOffset Next { get; set; }

        public string? Problem
        {
            get => _problem;
            set => _problem = value;
        }
    }
}
