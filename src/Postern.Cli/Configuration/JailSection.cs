using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[jail]</c> and <c>[[jails]]</c>.</summary>
internal static class JailSection
{
    private const string Prefix = "jail names take small letters, digits and hyphens";
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tenYears = TimeSpan.FromDays(3650);
    private static readonly string[] s_ids = [.. Enum.GetValues<Behaviour>().Select(static behaviour => behaviour.Id())];

    private static readonly IReadOnlyList<Setting<JailOptions>> s_common =
    [
        new("findtime", "a span such as \"10m\", from 1s to 30d", static (jail, value) =>
            value.TryDuration(s_second, TimeSpan.FromDays(30), out var span) ? jail with { FindTime = span } : jail),
        new("maxretry", "a number from 0.1 to 100000", static (jail, value) =>
            value.TryNumber(0.1, 100_000, out var number) ? jail with { MaxRetry = number } : jail),
        new("bantime", "a span such as \"1h\", from 1s to 10 years", static (jail, value) =>
            value.TryDuration(s_second, s_tenYears, out var span) ? jail with { BanTime = span } : jail),
        new("bantime_factor", "a number from 1 (all bans alike) to 100", static (jail, value) =>
            value.TryNumber(1, 100, out var number) ? jail with { BanTimeFactor = number } : jail),
        new("bantime_max", "a span such as \"7d\", up to 10 years, not shorter than bantime", static (jail, value) =>
            value.TryDuration(s_second, s_tenYears, out var span) ? jail with { MaxBanTime = span } : jail),
        new("forget_after", "a span such as \"30d\", up to 10 years", static (jail, value) =>
            value.TryDuration(s_second, s_tenYears, out var span) ? jail with { ForgetAfter = span } : jail),
        new("behaviours", "a list of behaviour ids such as [\"lone-dot\", \"blank-line\"]", ReadBehaviours),
        new("weights", "a table of behaviour ids and numbers from 0 to 100", ReadWeights),
        new("ports", "a list of TCP ports from 1 to 65535; [] for all", ReadPorts),
        new("ipv6_prefix", "a whole number from 32 to 128", static (jail, value) =>
            value.TryWhole(32, 128, out var number) ? jail with { IPv6Prefix = number } : jail),
        new("subnet_threshold", "a whole number from 2 to 256, or 0 for never", static (jail, value) =>
        {
            if (!value.TryWhole(0, 256, out var number)) { return jail; } if (number != 1) { return jail with { SubnetThreshold = number }; } value.Complain("1 would ban 256 addresses for one client");
            return jail;
        }),
    ];

    /// <summary>The built-in jail.</summary>
    public static Section<JailOptions> BuiltIn { get; } = new(s_common);

    /// <summary>Any other jail.</summary>
    public static Section<JailOptions> Separate { get; } = new(
    [
        new("name", "a name of small letters, digits and hyphens", static (jail, value) =>
            value.TryText(out var name) && Check(name, value) ? jail with { Name = name } : jail),
        .. s_common,
    ]);

    /// <summary>The behaviour ids, which are also the keys of <c>weights</c>.</summary>
    public static IReadOnlyList<string> BehaviourIds => s_ids;

    /// <summary>Reads <c>[jail]</c>.</summary>
    public static JailOptions ReadBuiltIn(Reading value) => CheckLengths(BuiltIn.Read(value, new JailOptions()), value);

    /// <summary>Reads <c>[[jails]]</c>; what one does not say is as in the built-in jail.</summary>
    public static IReadOnlyList<JailOptions> ReadSeparate(Reading value, JailOptions builtIn)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return [];
        }

        var jails = new List<JailOptions>();
        foreach (var item in items)
        {
            var jail = CheckLengths(Separate.Read(item, builtIn with { Name = "", Behaviours = null }), item);
            if (jail.Name.Length == 0 && (!item.TryTable(out var table) || !table.Entries.ContainsKey("name")))
            {
                item.Complain("a jail has no name", $"add name = \"…\"; {(Sentence)Prefix}");
            }
            else if (jails.Exists(other => string.Equals(other.Name, jail.Name, StringComparison.Ordinal)))
            {
                item.Complain($"two jails are called '{jail.Name}'", "give each its own name");
            }

            if (jail.Behaviours is null && item.TryTable(out var own) && !own.Entries.ContainsKey("behaviours"))
            {
                item.Complain("a jail of its own needs behaviours", "add behaviours = [\"lone-dot\", …]");
            }

            jails.Add(jail);
        }

        return jails;
    }

    private static bool Check(string name, Reading value)
    {
        var isFree = name is not ("postfix" or Ban.OperatorJail);
        if (isFree && name.Length <= 64 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-'))
        {
            return true;
        }

        Sentence unfit = $"'{name}' is no name for a jail";
        Sentence taken = $"'{name}' is a jail of Postern's own";
        value.Complain(isFree ? unfit : taken);
        return false;
    }

    private static JailOptions CheckLengths(JailOptions jail, Reading value)
    {
        if (jail.MaxBanTime < jail.BanTime)
        {
            value.Complain($"bantime_max ({DurationText.Of(jail.MaxBanTime)}) is shorter than bantime ({DurationText.Of(jail.BanTime)})", "raise bantime_max or lower bantime");
        }

        return jail;
    }

    private static JailOptions ReadBehaviours(JailOptions jail, Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return jail;
        }

        var set = BehaviourSet.None;
        foreach (var item in items)
        {
            if (!item.TryWord(s_ids, out var id) || !BehaviourNames.TryParse(id, out var behaviour))
            {
                continue;
            }

            if (set.Has(behaviour))
            {
                item.Complain($"'{id}' stands twice", "leave one of them");
            }

            set = set.With(behaviour);
        }

        if (items.Count == 0)
        {
            value.Complain("is empty, so that nothing would count");
        }

        return jail with { Behaviours = set };
    }

    private static JailOptions ReadWeights(JailOptions jail, Reading value)
    {
        if (!value.TryTable(out var table))
        {
            return jail;
        }

        var weights = new Dictionary<Behaviour, double>(jail.Weights);
        foreach (var (id, weight) in table.Entries)
        {
            var own = new Reading(weight, $"{value.Path}.{id}", "a number from 0 to 100", value.Context);
            if (BehaviourNames.TryParse(id, out var behaviour))
            {
                if (own.TryNumber(0, 100, out var number))
                {
                    weights[behaviour] = number;
                }

                continue;
            }

            own.Complain("there is no such behaviour", NearestName.Suggest(NearestName.Of(id, s_ids)) ?? "docs/behaviours.md lists them");
        }

        return jail with { Weights = weights };
    }

    private static JailOptions ReadPorts(JailOptions jail, Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return jail;
        }

        var ports = new List<int>();
        foreach (var item in items)
        {
            if (!item.TryWhole(1, 65535, out var port))
            {
                continue;
            }

            if (ports.Contains(port))
            {
                item.Complain($"{port} stands twice", "leave one of them");
            }
            else
            {
                ports.Add(port);
            }
        }

        return jail with { Ports = ports };
    }
}
