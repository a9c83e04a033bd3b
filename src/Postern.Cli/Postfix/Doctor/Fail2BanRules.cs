using Postern.Cli.Configuration;
using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Jails that fail2ban runs as well, so that each failure counts twice and each client is banned twice.</summary>
internal static class Fail2BanRules
{
    /// <summary>What is wrong.</summary>
    /// <param name="postern">How Postern is set.</param>
    /// <param name="ours">The jails of fail2ban's that Postern runs.</param>
    /// <param name="theirs">fail2ban itself; null where it is not installed.</param>
    /// <param name="words">The language.</param>
    public static IEnumerable<DoctorFinding> Of(PosternOptions postern, IReadOnlyList<OtherJail> ours, OtherFail2Ban? theirs, IDoctorWords words)
    {
        if (postern.Fail2Ban is null || theirs is not ({ Runs: true } or { Starts: true }))
        {
            yield break;
        }

        var both = ours.Where(jail => theirs.Jails.Any(jail.IsSameAs)).Select(static jail => jail.Name).ToList();
        if (both.Count > 0)
        {
            yield return new("fail2ban-twice", words.Fail2BanTwice(both, theirs.Runs), "systemctl disable --now fail2ban");
        }
    }
}
