using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Words;

namespace Postern.Cli.Setup;

/// <summary>
/// The parameters that silence the doctor. Several of its fixes may set the same parameter, so each is applied to what is known
/// of Postfix before the doctor is asked for the next one.
/// </summary>
internal static class PostfixPlan
{
    private const int MostFixes = 40;

    /// <summary>The settings, each parameter once, and what they leave of the doctor's findings on these matters.</summary>
    /// <param name="postfix">How Postfix is set.</param>
    /// <param name="postern">How Postern will be set.</param>
    /// <param name="explicitly">What main.cf says itself, without defaults.</param>
    /// <param name="hardens">True to follow the recommendations for Postfix itself, too.</param>
    /// <param name="words">The language of the findings that are left.</param>
    public static (IReadOnlyList<PostfixSetting> Settings, IReadOnlyList<DoctorFinding> Left) Of(
        PostfixSetup postfix, PosternOptions postern, IReadOnlyDictionary<string, string> explicitly, bool hardens, IDoctorWords words)
    {
        var parameters = new Dictionary<string, string>(postfix.Parameters, StringComparer.Ordinal);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var left = new List<DoctorFinding>();
        for (var i = 0; i < MostFixes; i++)
        {
            var known = postfix with { Parameters = parameters };
            var next = Findings(known, postern, hardens, words).FirstOrDefault(finding => !left.Exists(other => string.Equals(other.Id, finding.Id, StringComparison.Ordinal)));
            if (next is null)
            {
                break;
            }

            var fix = PostfixSetting.Read(next.Fix);
            // What main.cf says already, and master.cf overrides, is not set by saying it again.
            if (fix.Count == 0 || fix.All(pair => string.Equals(parameters.GetValueOrDefault(pair.Name), pair.Value, StringComparison.Ordinal)))
            {
                left.Add(next);
                continue;
            }

            foreach (var (name, value) in fix)
            {
                (parameters[name], settings[name]) = (value, value);
            }
        }

        return ([.. settings.Select(pair => new PostfixSetting(pair.Key, pair.Value, explicitly.TryGetValue(pair.Key, out var before) ? before : null))], left);
    }

    private static IEnumerable<DoctorFinding> Findings(PostfixSetup postfix, PosternOptions postern, bool hardens, IDoctorWords words) =>
        hardens ? WiringRules.Of(postfix, postern, words).Concat(AbuseRules.Of(postfix, words)) : WiringRules.Of(postfix, postern, words);
}
