using System.Collections.Concurrent;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Tests.Support;

/// <summary>
/// A DNS of lines: <c>name TYPE value</c>, where TYPE is A, AAAA, MX, TXT or PTR, or FAIL, BOGUS or SILENT for a name that no
/// question gets an answer for. A PTR line may name the address itself. Names that have no line do not exist.
/// </summary>
internal sealed class FakeZone(string text) : IResolver
{
    private readonly (string Name, string Type, string Value)[] _lines = [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries))
        .Select(parts => (Owner(parts[0]), parts[1], parts.Length > 2 ? parts[2].Trim() : ""))];

    /// <summary>Every question asked, in order.</summary>
    public ConcurrentQueue<DnsQuestion> Asked { get; } = new();

    public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        return new(Answer(question));
    }

    /// <summary>The answer, at once.</summary>
    public DnsAnswer Answer(DnsQuestion question)
    {
        var here = _lines.Where(l => l.Name.Equals(question.Name, StringComparison.OrdinalIgnoreCase)).ToArray();
        foreach (var (_, type, _) in here)
        {
            switch (type)
            {
                case "FAIL": return DnsAnswer.Without(DnsStatus.ServerFailure, "SERVFAIL");
                case "BOGUS": return DnsAnswer.Without(DnsStatus.Bogus, "DNSSEC");
                case "SILENT": return DnsAnswer.Without(DnsStatus.Timeout, "no answer in time");
            }
        }

        var values = here.Where(l => l.Type.Equals(question.Type.ToString(), StringComparison.OrdinalIgnoreCase)).Select(l => l.Value).ToArray();
        if (values.Length == 0)
        {
            var exists = here.Length > 0 || _lines.Any(l => l.Name.EndsWith("." + question.Name, StringComparison.OrdinalIgnoreCase));
            return DnsAnswer.Without(exists ? DnsStatus.NoData : DnsStatus.NxDomain) with { TimeToLive = TimeSpan.FromMinutes(1) };
        }

        return new()
        {
            Status = DnsStatus.Answer,
            TimeToLive = TimeSpan.FromMinutes(5),
            Addresses = question.Type is DnsType.A or DnsType.Aaaa ? [.. values.Select(Address)] : [],
            Texts = question.Type is DnsType.Txt ? values : [],
            Names = question.Type is DnsType.Ptr ? values : [],
            Exchangers = question.Type is DnsType.Mx ? [.. values.Select(v => v.Split(' ')).Select(p => new MailExchanger(int.Parse(p[0]), p[1]))] : [],
        };
    }

    private static string Owner(string name) => ClientAddress.TryParse(name, out var address) ? DnsName.Pointer(address).Name : name.TrimEnd('.');

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
