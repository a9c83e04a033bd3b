using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Firewalls;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Cli.Fail2BanImport;

/// <summary>A setting of fail2ban's that is not taken over.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Jail">Its jail, or the place in a file.</param>
/// <param name="Detail">Its value.</param>
internal sealed record LeftSetting(LeftSettingReason Reason, string Jail, string Detail);

/// <summary>fail2ban's settings in our configuration's language.</summary>
/// <param name="Toml">The lines to add; empty where nothing is.</param>
/// <param name="Left">What has no counterpart.</param>
internal sealed record ImportedSettings(IReadOnlyList<string> Toml, IReadOnlyList<LeftSetting> Left)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3650);

    /// <summary>Reads them.</summary>
    /// <param name="folder">fail2ban's folder.</param>
    /// <param name="theirs">Its jails, and what is wrong with others.</param>
    /// <param name="options">How Postern is set: what it has already is not told again.</param>
    public static ImportedSettings Read(string folder, Fail2BanJailFolder theirs, PosternOptions options)
    {
        var (toml, left) = (new List<string>(), new List<LeftSetting>());
        if (Allow(theirs.Jails, options, left) is { Count: > 0 } allow)
        {
            toml.Add($"allow = [{string.Join(", ", allow.Select(TomlEditor.Text))}]");
        }

        var postfix = theirs.Jails.Where(static jail => ImportedBans.IsPostfix(jail, jail.Name)).ToList();
        // The plain one speaks for all: the built-in jail is one.
        if ((postfix.Find(static jail => jail.Name is "postfix") ?? postfix.FirstOrDefault()) is { } first)
        {
            toml.AddRange(["", "[jail]", .. Jail(first, left)]);
            left.AddRange(postfix.Where(jail => jail != first).Select(jail => new LeftSetting(LeftSettingReason.SecondPostfixJail, jail.Name, first.Name)));
        }

        if (options.Fail2Ban is null && theirs.Jails.Count > postfix.Count)
        {
            toml.AddRange(["", "[fail2ban]", $"config = {TomlEditor.Text(folder)}"]);
        }

        foreach (var jail in theirs.Jails)
        {
            if (jail.IgnoreCommand is { } command)
            {
                left.Add(new(LeftSettingReason.IgnoreCommand, jail.Name, command));
            }
        }

        left.AddRange(theirs.Errors.Select(static error => new LeftSetting(LeftSettingReason.CannotRun, "", error.ToString())));
        left.Add(new(LeftSettingReason.Actions, "", ""));
        return new ImportedSettings(toml.Count > 0 && toml[0].Length == 0 ? toml[1..] : toml, left);
    }

    private static List<string> Allow(IReadOnlyList<Fail2BanJail> jails, PosternOptions options, List<LeftSetting> left)
    {
        var allow = new List<string>();
        foreach (var group in jails.SelectMany(static jail => jail.IgnoreIp.Select(entry => (Entry: entry, jail.Name))).GroupBy(static pair => pair.Entry, StringComparer.OrdinalIgnoreCase))
        {
            var names = string.Join(", ", group.Select(static pair => pair.Name).Distinct(StringComparer.Ordinal));
            if (AllowEntry.TryParse(group.Key) is not { } entry)
            {
                left.Add(new(LeftSettingReason.NotAnEntry, names, group.Key));
                continue;
            }

            if (entry.Network is { PrefixLength: 0 })
            {
                left.Add(new(LeftSettingReason.IgnoresEverybody, names, group.Key));
            }
            else if (!(entry.Network is { } network && PrivateNetworks.IsLoopback(network.First)) && !options.Allow.Contains(entry) && !allow.Contains(entry.ToString(), StringComparer.Ordinal))
            {
                allow.Add(entry.ToString());
            }
        }

        return allow;
    }

    private static IEnumerable<string> Jail(Fail2BanJail jail, List<LeftSetting> left)
    {
        yield return $"findtime = {Span(jail.FindTime)}";
        yield return string.Create(CultureInfo.InvariantCulture, $"maxretry = {jail.MaxRetry}");
        var rule = jail.BanTime;
        var first = rule.Length(0, 0) is { } length && length < s_longest ? length : s_longest;
        yield return $"bantime = {Span(first.TotalSeconds)}";
        if (FactorOf(rule) is { } factor)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"bantime_factor = {factor}");
        }
        else
        {
            left.Add(new(LeftSettingReason.Formula, jail.Name, rule.Multipliers.Count > 0 ? string.Join(' ', rule.Multipliers.Select(static one => one.ToString(CultureInfo.InvariantCulture))) : rule.Formula));
        }

        if (rule.Longest is { } longest || first > TimeSpan.FromDays(7) && (longest = first.TotalSeconds) > 0)
        {
            yield return $"bantime_max = {Span(Math.Clamp(longest, first.TotalSeconds, s_longest.TotalSeconds))}";
        }

        if (rule.Random > 0)
        {
            left.Add(new(LeftSettingReason.RandomTime, jail.Name, rule.Random.ToString(CultureInfo.InvariantCulture)));
        }

        if (rule.CountsAllJails)
        {
            left.Add(new(LeftSettingReason.AllJails, jail.Name, "bantime.overalljails"));
        }

        var (ports, complaint) = ServicePorts.Parse(jail.Ports);
        if (complaint is null && jail.Ports is not null)
        {
            yield return $"ports = [{string.Join(", ", ports)}]";
        }
    }

    // Each ban so many times longer than the one before it: 1 for all alike, null for a rule that is none such.
    private static double? FactorOf(BanTimeRule rule)
    {
        if (!rule.Increments)
        {
            return 1;
        }

        double[] lengths = [.. Enumerable.Range(0, 4).Select(before => (rule with { Longest = null, Random = 0 }).Length(before, 0)?.TotalSeconds ?? 0)];
        if (lengths[0] <= 0)
        {
            return 1;
        }

        var factor = lengths[1] / lengths[0];
        var isSteady = lengths.Skip(1).Zip(lengths).All(pair => Math.Abs(pair.First - (pair.Second * factor)) < 1);
        return isSteady && factor is >= 1 and <= 100 ? Math.Round(factor, 3) : null;
    }

    private static string Span(double seconds) => TomlEditor.Text(DurationText.Of(TimeSpan.FromSeconds(Math.Max(1, seconds))));
}
