using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Jails;

/// <summary>An enabled jail as its files give it.</summary>
internal sealed record Fail2BanJail
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public ConfigPlace Place { get; init; }

    /// <summary>Its filter.</summary>
    public required CompiledFilter Filter { get; init; }

    /// <summary>Paths of its logs, which may hold <c>*</c> and <c>?</c>; empty where it reads the journal.</summary>
    public IReadOnlyList<string> LogPaths { get; init; } = [];

    /// <summary>Whether it reads the journal instead of files.</summary>
    public bool ReadsJournal { get; init; }

    /// <summary>Which entries of the journal; null for the filter's.</summary>
    public string? JournalMatch { get; init; }

    /// <summary>The name of what it reads of the journal: <c>journal</c> and the matches.</summary>
    public string JournalName => string.Join(' ', ["journal", .. JournalMatches]);

    /// <summary>Which entries of the journal, as arguments of journalctl(1).</summary>
    public IReadOnlyList<string> JournalMatches => Jails.JournalMatch.Arguments(JournalMatch);

    /// <summary>Whether it reads what a path or pattern, or a part of the journal, is named by.</summary>
    public bool Reads(string name) => ReadsJournal ? string.Equals(JournalName, name, StringComparison.Ordinal) : LogPaths.Contains(name, StringComparer.Ordinal);

    /// <summary>The encoding of its logs; <c>auto</c> for UTF-8.</summary>
    public string LogEncoding { get; init; } = "auto";

    /// <summary>Minutes east of UTC for stamps without a zone; null for the machine's zone.</summary>
    public int? LogOffset { get; init; }

    /// <summary>Failures count together within this time, in seconds.</summary>
    public double FindTime { get; init; } = 600;

    /// <summary>So many failures within it are a ban.</summary>
    public int MaxRetry { get; init; } = 3;

    /// <summary>How long bans last.</summary>
    public BanTimeRule BanTime { get; init; } = new();

    /// <summary>Addresses, networks and names that it never bans.</summary>
    public IReadOnlyList<string> IgnoreIp { get; init; } = [];

    /// <summary>Whether it never bans this host's own addresses.</summary>
    public bool IgnoresSelf { get; init; } = true;

    /// <summary>A program that says by success that an address is to be ignored; null for none.</summary>
    public string? IgnoreCommand { get; init; }

    /// <summary>The ports that its actions would close; null where it names none.</summary>
    public string? Ports { get; init; }
}
