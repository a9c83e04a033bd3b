namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[checks.points]</c>: <c>test.result</c> or <c>test.result.reason</c>, as docs/checks.md lists them.</summary>
internal static class PointsTable
{
    private static readonly Dictionary<string, string[]> s_reasons = new(StringComparer.Ordinal)
    {
        ["dnsbl"] = ["listed", "allow-listed", "error-code"],
        ["ptr"] = [],
        ["fcrdns"] = [],
        ["generic-ptr"] = [],
        ["helo-syntax"] = ["own-name", "foreign-address", "localhost", "bare-address", "single-label", "malformed", "literal", "private-name"],
        ["helo-rdns"] = ["elsewhere", "no-such-name", "no-address"],
        ["helo-ptr"] = ["same-domain"],
        ["spf-helo"] = ["parent", "open"],
        ["spf-ptr"] = ["parent", "open"],
        ["spf-mailfrom"] = ["open", "no-such-domain", "single-label", "null-mx"],
        ["dkim"] = ["other-domain", "weak"],
        ["dmarc"] = ["reject", "quarantine", "none", "unsure", "several-authors", "no-author", "missing", "display-name", "unreadable", "unusable", "oversized"],
        ["arc"] = ["trusted", "weak", "unvouched"],
    };

    private static readonly string[] s_results = ["pass", "fail", "softfail", "neutral", "none", "permerror"];

    private static readonly string[] s_keys =
    [
        .. from test in s_reasons
           from result in s_results
           from reason in (string[])["", .. test.Value.Select(static reason => "." + reason)]
           select $"{test.Key}.{result}{reason}",
    ];

    /// <summary>True where a finding can be of that key; trouble with the DNS never counts, so that it has none.</summary>
    public static bool IsKey(string key) => s_keys.Contains(key, StringComparer.Ordinal);

    /// <summary>Reads the operator's rows over the table.</summary>
    public static PosternOptions Read(PosternOptions options, Reading value)
    {
        if (!value.TryTable(out var table))
        {
            return options;
        }

        var rows = new List<KeyValuePair<string, double>>();
        Collect(table, "", value, rows);
        return options with { Points = options.Points.With(rows) };
    }

    // Unquoted, spf-mailfrom.fail is a table within a table to TOML; the operator means the same.
    private static void Collect(ConfigTable table, string prefix, Reading root, List<KeyValuePair<string, double>> rows)
    {
        foreach (var (name, value) in table.Entries)
        {
            var key = prefix + name;
            if (value is ConfigTable inner)
            {
                Collect(inner, key + ".", root, rows);
                continue;
            }

            var own = new Reading(value, $"{root.Path}.{key}", "a number from -20 to 20", root.Context);
            if (IsKey(key))
            {
                if (own.TryNumber(-20, 20, out var points))
                {
                    rows.Add(new(key, points));
                }

                continue;
            }

            var isTrouble = key.Contains(".temperror", StringComparison.Ordinal) || key.Contains(".skipped", StringComparison.Ordinal);
            own.Complain(
                isTrouble ? (Sentence)"trouble with the DNS is never worth anything" : "there is no such finding",
                isTrouble ? "take the row out" : NearestName.Suggest(NearestName.Of(key, s_keys) is { } nearest ? $"\"{nearest}\"" : null) ?? "docs/checks.md lists them");
        }
    }
}
