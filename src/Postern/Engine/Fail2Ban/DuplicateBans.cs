using System.Globalization;

namespace Postern.Engine.Fail2Ban;

/// <summary>
/// Tells bans of ours from the same bans of a fail2ban that runs beside us: the jails that count bans are told of both, and
/// must count them once.
/// </summary>
internal sealed class DuplicateBans
{
    // Both read the same log, and one of them is slow.
    private static readonly TimeSpan s_apart = TimeSpan.FromMinutes(1);
    private const int MostKept = 10_000;
    private const string Word = "] Ban ";

    private readonly Dictionary<string, (bool IsOurs, DateTimeOffset At)> _waiting = new(StringComparer.Ordinal);

    /// <summary>Whether a line of fail2ban's log tells a ban that the other has not told already; true for all other lines.</summary>
    /// <param name="line">The line, <c>… NOTICE  [sshd] Ban 192.0.2.7</c>.</param>
    /// <param name="isOurs">Whether it is a ban of ours.</param>
    /// <param name="now">The time.</param>
    public bool IsNews(string line, bool isOurs, DateTimeOffset now)
    {
        var word = line.LastIndexOf(Word, StringComparison.Ordinal);
        var jail = word < 0 ? -1 : line.LastIndexOf('[', word);
        if (jail < 0)
        {
            return true;
        }

        var ban = line[jail..].TrimEnd();
        if (_waiting.TryGetValue(ban, out var twin) && twin.IsOurs != isOurs && now - twin.At < s_apart)
        {
            _waiting.Remove(ban);
            return false;
        }

        if (_waiting.Count >= MostKept)
        {
            Forget(now);
        }

        _waiting[ban] = (isOurs, now);
        return true;
    }

    /// <summary>The line of a ban of ours, as fail2ban writes its own.</summary>
    public static string Line(string jail, string address, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss,fff} fail2ban.actions        [{Environment.ProcessId}]: NOTICE  [{jail}{Word}{address}");

    private void Forget(DateTimeOffset now)
    {
        foreach (var old in _waiting.Where(ban => now - ban.Value.At >= s_apart).Select(ban => ban.Key).ToList())
        {
            _waiting.Remove(old);
        }

        if (_waiting.Count >= MostKept)
        {
            _waiting.Clear();
        }
    }
}
