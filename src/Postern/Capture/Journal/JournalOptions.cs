namespace Postern.Capture.Journal;

/// <summary>Which part of which journal is followed.</summary>
public sealed record JournalOptions
{
    /// <summary>The source's name in what is read and told; default <c>journal</c>.</summary>
    public string Name { get; init; } = JournalFollower.Source;

    /// <summary>The journal's directory; null for the system's.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// Matches as journalctl takes them, <c>FIELD=value</c>. By default the facility mail: whatever the unit is called
    /// (Debian's is <c>postfix@-.service</c>) and whatever syslog_name Postfix has.
    /// </summary>
    public IReadOnlyList<string> Matches { get; init; } = ["SYSLOG_FACILITY=2"];

    /// <summary>How far back a first start reads.</summary>
    public TimeSpan FirstLook { get; init; } = TimeSpan.FromHours(1);
}
