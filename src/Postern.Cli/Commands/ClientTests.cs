using System.Collections;
using System.Net;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>
/// Tests the clients at the top of an explanation by DNS: whether they are listed, have a name that resolves back, and what
/// their HELO name is worth.
/// </summary>
internal sealed class ClientTests(IReadOnlyList<IPEndPoint> servers, PublicSuffixes suffixes, TimeProvider time)
{
    // As many as a report shows in full, twice over; a resolver is not to be asked for a million.
    private const int MostClients = 40;
    private const int AtOnce = 16;

    /// <summary>The explanation with the tests of its first clients.</summary>
    public async Task<Explanation> AddAsync(Explanation explanation, CancellationToken stop)
    {
        var options = new SenderCheckOptions { Dns = new DnsOptions { Servers = servers } };
        var check = new SenderCheck(new CachingResolver(new DnsClientResolver(options.Dns), options.Dns, time), options, suffixes, time);
        var judge = new LegitimacyScorer(LegitimacyPoints.Default);
        var first = explanation.Clients.Take(MostClients).ToArray();
        await Parallel.ForAsync(0, first.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, token) =>
        {
            if (first[i].Address.IsKnown)
            {
                var facts = await check.RunAsync(new SenderQuestion { Address = first[i].Address, Helo = first[i].HeloNames is [var helo, ..] ? helo : null }, token);
                first[i] = first[i] with { Tests = judge.Judge(facts).Tests };
            }
        });
        return explanation with { Clients = new FirstTested(first, explanation.Clients) };
    }

    private sealed class FirstTested(ClientFinding[] first, IReadOnlyList<ClientFinding> all) : IReadOnlyList<ClientFinding>
    {
        public int Count => all.Count;

        public ClientFinding this[int index] => index < first.Length ? first[index] : all[index];

        public IEnumerator<ClientFinding> GetEnumerator() => first.Concat(all.Skip(first.Length)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
