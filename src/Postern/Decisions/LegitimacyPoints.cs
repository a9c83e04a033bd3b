using System.Collections.Frozen;
using Postern.Facts;

namespace Postern.Decisions;

/// <summary>
/// What every finding is worth: the table of docs/checks.md. A key is <c>test.result</c>, or <c>test.result.reason</c>, which
/// comes first; anything that is not listed is worth nothing. Positive points speak for the sender.
/// </summary>
public sealed class LegitimacyPoints
{
    private static readonly KeyValuePair<string, double>[] s_rows =
    [
        new("dnsbl.pass", 0.5),
        new("ptr.pass", 0.5), new("ptr.fail", -1.5),
        new("fcrdns.pass", 1), new("fcrdns.fail", -1.5),
        new("generic-ptr.softfail", -1), new("generic-ptr.fail", -2.5),
        new("helo-syntax.neutral", -0.5), new("helo-syntax.softfail", -1), new("helo-syntax.fail", -2),
        new("helo-syntax.fail.own-name", -6), new("helo-syntax.fail.foreign-address", -3), new("helo-syntax.fail.localhost", -3),
        new("helo-rdns.pass", 1), new("helo-rdns.fail", -1), new("helo-rdns.fail.no-address", -0.5),
        new("helo-ptr.pass", 1), new("helo-ptr.pass.same-domain", 0.5), new("helo-ptr.softfail", -0.5),
        new("spf-helo.pass", 2), new("spf-helo.pass.parent", 1), new("spf-helo.pass.open", 0),
        new("spf-helo.fail", -4), new("spf-helo.fail.parent", -2.5), new("spf-helo.softfail", -1), new("spf-helo.permerror", -0.25),
        new("spf-ptr.pass", 1), new("spf-ptr.pass.parent", 0.5), new("spf-ptr.pass.open", 0),
        new("spf-ptr.fail", -1.5), new("spf-ptr.fail.parent", -1), new("spf-ptr.softfail", -0.5),
        new("spf-mailfrom.pass", 3), new("spf-mailfrom.pass.open", 0), new("spf-mailfrom.fail", -4),
        new("spf-mailfrom.softfail", -2), new("spf-mailfrom.permerror", -0.5),
        new("spf-mailfrom.none.no-such-domain", -4), new("spf-mailfrom.none.single-label", -4), new("spf-mailfrom.none.null-mx", -3),
        new("spf-mailfrom.neutral.null-mx", -3), new("spf-mailfrom.softfail.null-mx", -3),
        new("dkim.pass", 2), new("dkim.pass.other-domain", 0.5), new("dkim.pass.weak", 0), new("dkim.fail", -1),
        new("dmarc.pass", 3), new("dmarc.fail", -1), new("dmarc.fail.quarantine", -3), new("dmarc.fail.reject", -5), new("dmarc.fail.oversized", -5), new("dmarc.fail.unsure", -2), new("dmarc.permerror", -1),
        new("dmarc.pass.display-name", 0), new("dmarc.fail.missing", -2), new("dmarc.none.missing", -2),
        new("arc.pass.trusted", 4), new("arc.fail", -0.5),
    ];

    private readonly FrozenDictionary<string, double> _points;

    private LegitimacyPoints(IEnumerable<KeyValuePair<string, double>> rows) => _points = rows.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The table as it is documented.</summary>
    public static LegitimacyPoints Default { get; } = new(s_rows);

    /// <summary>All keys with their points.</summary>
    public IReadOnlyDictionary<string, double> Rows => _points;

    /// <summary>This table with an operator's own rows over it.</summary>
    public LegitimacyPoints With(IEnumerable<KeyValuePair<string, double>> rows)
    {
        var merged = new Dictionary<string, double>(_points, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            merged[row.Key] = row.Value;
        }

        return new(merged);
    }

    /// <summary>The points of a finding. DNS trouble is worth nothing, whatever the table says.</summary>
    public double Of(SenderFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.Result is TestResult.TempError or TestResult.Skipped)
        {
            return 0;
        }

        if (finding.Points is { } own)
        {
            return own;
        }

        var key = $"{finding.Test}.{finding.Result.ToString().ToLowerInvariant()}";
        return finding.Reason is { } reason && _points.TryGetValue($"{key}.{reason}", out var special) ? special : _points.GetValueOrDefault(key);
    }
}
