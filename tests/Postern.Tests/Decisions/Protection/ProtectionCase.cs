using System.Globalization;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions.Protection;

/// <summary>A story of Cases/protection (see the README.txt there).</summary>
internal sealed class ProtectionCase
{
    private readonly List<SessionMark> _marks = [];
    private ProtectionFacts _facts = new();
    private JailOptions _jail = new();

    /// <summary>The time of the question: the sessions are of the seconds before it.</summary>
    public static DateTimeOffset Now => Marks.At(0).ToDateTimeOffset();

    public required string Title { get; init; }

    public string Expected { get; private set; } = "";

    public string Words { get; private set; } = "";

    /// <summary>All stories of all files.</summary>
    public static IReadOnlyList<ProtectionCase> All()
    {
        List<ProtectionCase> cases = [];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", "protection"), "*.txt").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
            {
                if (line.StartsWith("== ", StringComparison.Ordinal))
                {
                    cases.Add(new ProtectionCase { Title = $"{Path.GetFileNameWithoutExtension(file)}: {line[3..]}" });
                }
                else
                {
                    cases[^1].Add(line.Split(' '), line);
                }
            }
        }

        return cases;
    }

    public ProtectionRuling Judge() =>
        ProtectionRules.Judge(_facts, JailWindow.Live([.. _marks], _jail, Now, null), [.. _marks], _jail, Now);

    private void Add(string[] words, string line)
    {
        switch (words)
        {
            case ["=>", var expected, .. var rest]: (Expected, Words) = (expected, string.Join(' ', rest)); break;
            case ["shows", var count, var behaviours]: Show(Number(count), behaviours, 1); break;
            case ["shows", var count, var behaviours, "x", var failures]: Show(Number(count), behaviours, Number(failures)); break;
            case ["delivered", var days, .. var rest]: _facts = _facts with { DeliveredDays = Number(days), HostileBefore = rest is ["knocked"] }; break;
            case ["login", var count, var days]:
                _facts = _facts with { Logins = Number(count), LastLogin = DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-Number(days)) }; break;
            case ["allowed", var entry]: _facts = _facts with { AllowedBy = entry }; break;
            case ["own"]: _facts = _facts with { IsOwnAddress = true }; break;
            case ["mynetworks", var network]: _facts = _facts with { MyNetwork = network }; break;
            case ["lists", "clean"]: _facts = _facts with { Lists = ListAnswer.NotListed }; break;
            case ["lists", "listed"]: _facts = _facts with { Lists = ListAnswer.Listed }; break;
            case ["lists", "silent"]: _facts = _facts with { Lists = ListAnswer.NoAnswer }; break;
            case ["checks", "silent"]: _facts = _facts.With(null); break;
            case ["checks", var legitimacy, .. var rest]: _facts = _facts.With(Verdict(Enum.Parse<Legitimacy>(legitimacy, ignoreCase: true), rest is ["listed"])); break;
            case ["held", var minutes]:
                _facts = _facts with { Held = new(default, _jail.Name, Now, ProtectionReason.GenuineByChecks, "held", Now.AddMinutes(Number(minutes))) }; break;
            case ["maxretry", var most]: _jail = _jail with { MaxRetry = Number(most) }; break;
            default: throw new FormatException($"{Title}: nobody knows what '{line}' means");
        }
    }

    private void Show(int count, string behaviours, int failures)
    {
        var set = behaviours.Split(',').Select(id => BehaviourNames.TryParse(id, out var known) ? known : throw new FormatException($"{Title}: there is no {id}"));
        _marks.AddRange(Marks.Many(count, -1, [.. set]).Select(mark => mark with { Failures = (byte)failures }));
    }

    private static SenderVerdict Verdict(Legitimacy legitimacy, bool isListed) => new()
    {
        Tests = [new("dnsbl", isListed ? Postern.Facts.TestResult.Fail : Postern.Facts.TestResult.Pass, 0, "", [])],
        Points = 0,
        Legitimacy = legitimacy,
        Advice = Advice.Accept,
        MayBounce = false,
        Deciding = ["spf-mailfrom", "fcrdns"],
        Troubled = [],
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
