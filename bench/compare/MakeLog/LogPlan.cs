using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MakeLog;

/// <summary>What log is wanted. The same plan gives the same bytes, on any machine.</summary>
internal sealed record LogPlan
{
    /// <summary>The command line in short.</summary>
    public const string Usage =
        """
        usage: MakeLog LINES FILE [--seed N] [--stamps traditional|rfc3339] [--rate LINES_A_SECOND] [--bad-clients N]
               MakeLog --million-clients FILE [--seed N] [--stamps traditional|rfc3339]
        """;

    /// <summary>Where to write.</summary>
    public required string Path { get; init; }

    /// <summary>How many lines; the log stops there, with sessions cut as in life.</summary>
    public required long Lines { get; init; }

    /// <summary>Seed of the dice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>True for the stamps of Debian 12's rsyslog, false for the traditional ones.</summary>
    public bool Rfc3339 { get; init; }

    /// <summary>Lines a second of the log's own time. 35 is a day of three million lines, and some thirty sessions at a time.</summary>
    public double Rate { get; init; } = 35;

    /// <summary>Clients that misbehave; one a thousand lines unless told, so that a tenth of the log has a tenth of them.</summary>
    public int BadClients { get; init; }

    /// <summary>A million clients of one session each in place of the ordinary day.</summary>
    public bool MillionClients { get; init; }

    /// <summary>Reads the command line; <paramref name="mistake"/> says what is wrong with it.</summary>
    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out LogPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        plan = null;
        var words = new List<string>();
        var read = new LogPlan { Path = "", Lines = 0 };
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--million-clients")
            {
                read = read with { MillionClients = true };
            }
            else if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[i]);
            }
            else if (i + 1 == args.Length || With(read, args[i], args[++i]) is not { } better)
            {
                mistake = $"not understood: {args[Math.Min(i, args.Length - 1)]}";
                return false;
            }
            else
            {
                read = better;
            }
        }

        var lines = long.MaxValue;
        if (words.Count != (read.MillionClients ? 1 : 2)
            || (!read.MillionClients && (!long.TryParse(words[0], CultureInfo.InvariantCulture, out lines) || lines < 1)))
        {
            mistake = "a number of lines and a file are needed (with --million-clients only the file)";
            return false;
        }

        mistake = null;
        var bad = read.BadClients > 0 ? read.BadClients : (int)Math.Clamp(lines / 1000, 1, 100_000);
        plan = read with { Lines = lines, Path = words[^1], BadClients = bad };
        return true;
    }

    private static LogPlan? With(LogPlan plan, string option, string value) => option switch
    {
        "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var n) => plan with { Seed = n },
        "--rate" when double.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 => plan with { Rate = n },
        "--bad-clients" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            plan with { BadClients = n },
        "--stamps" when value is "traditional" or "rfc3339" => plan with { Rfc3339 = value is "rfc3339" },
        _ => null,
    };
}
