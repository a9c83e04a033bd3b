using System.Reflection;
using Postern.Cli.Words;
using Postern.Decisions.Protection;
using Postern.Explain;
using Postern.Facts;
using Postern.Fail2Ban.Lint;

namespace Postern.Tests.Words;

/// <summary>Every sentence of a catalogue, made by reflection: what has a number is made with 0, 1, 2 and 1,000.</summary>
internal static class CatalogueSentences
{
    private static readonly long[] s_numbers = [0, 1, 2, 1000];

    /// <summary>The sentences with the name of what made each.</summary>
    public static IEnumerable<(string Name, string Text)> Of(Catalogue catalogue)
    {
        foreach (var topic in typeof(Catalogue).GetProperties().Where(property => property.PropertyType.IsInterface && property.PropertyType != typeof(IHelpWords)))
        {
            foreach (var property in topic.PropertyType.GetProperties())
            {
                foreach (var text in Texts(property.GetValue(topic.GetValue(catalogue))))
                {
                    yield return ($"{topic.Name}.{property.Name}", text);
                }
            }

            foreach (var method in topic.PropertyType.GetMethods().Where(method => !method.IsSpecialName))
            {
                foreach (var number in s_numbers)
                {
                    foreach (var isTrue in (bool[])[false, true])
                    {
                        foreach (var text in Choices(method).SelectMany(choice => Texts(method.Invoke(topic.GetValue(catalogue), [.. method.GetParameters().Select(parameter => Value(parameter, number, isTrue, choice))]))))
                        {
                            yield return ($"{topic.Name}.{method.Name}({number})", text);
                        }
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Texts(object? value) => value switch
    {
        string text => [text],
        IEnumerable<string> all => all,
        _ => [],
    };

    // A sentence for each value of an enumeration that a method takes.
    private static IEnumerable<object?> Choices(MethodInfo method) => method.GetParameters().Select(parameter => parameter.ParameterType).FirstOrDefault(type => type.IsEnum) is { } type
        ? Enum.GetValues(type).Cast<object?>()
        : method.GetParameters().Any(parameter => parameter.ParameterType == typeof(LintWarning)) ? Enum.GetValues<LintReason>().Cast<object?>()
        : method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ExplainFailure)) ? Enum.GetValues<InputProblem>().Cast<object?>()
        : method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ProtectionState)) ? s_protections.Cast<object?>()
        : [null];

    private static readonly ProtectionState[] s_protections =
    [
        .. from reason in (string[])["allowed", "own-address", "mynetworks", "private-network", "logged-in", "proven-sender", "genuine-by-checks"]
           from holds in (bool[])[false, true]
           from but in (string?[])[null, "account-takeover", "hostile-day", "dnsbl-listed", "no-answer"]
           select new ProtectionState(reason, holds) { Entry = "NAME", Last = new DateOnly(2026, 11, 25), But = but },
    ];

    private static object? Value(ParameterInfo parameter, long number, bool isTrue, object? choice) => parameter.ParameterType switch
    {
        var type when type == typeof(long) => number,
        var type when type == typeof(int) => (int)number,
        var type when type == typeof(bool) => isTrue,
        var type when type == typeof(string) => parameter.Name is "action" ? "reject" : "NAME",
        var type when type.IsEnum => choice,
        var type when type == typeof(ClientNetwork) => ClientNetwork.TryParse("192.0.2.0/24", out var network) ? network : default,
        var type when type == typeof(LintWarning) => Warning((LintReason)choice!, number, isTrue),
        var type when type == typeof(ProtectionState) => (ProtectionState)choice! with { Days = (int)number },
        var type when type == typeof(ExplainFailure) => new ExplainFailure("FILE", (InputProblem)choice!, "NAME"),
        var type when type == typeof(IEnumerable<string>) => (string[])["one", "two"],
        var type when type == typeof(IEnumerable<(ClientNetwork, string)>) => Array.Empty<(ClientNetwork, string)>(),
        var type when type == typeof(IReadOnlyList<(string, long)>) => (IReadOnlyList<(string, long)>)[("reject", number), ("defer", number), ("quarantine", number)],
        var type => throw new NotSupportedException($"{parameter.Name} is of the new type {type}"),
    };

    private static LintWarning Warning(LintReason reason, long number, bool isTrue) => new()
    {
        Code = reason switch
        {
            LintReason.Time => LintWarning.Backtracking,
            LintReason.CommandReply or LintReason.NoSuchForm => LintWarning.NeverMatches,
            LintReason.Unusable or LintReason.Empty => LintWarning.Unsupported,
            _ => LintWarning.Injectable,
        },
        Part = "failregex 1",
        Expression = "x",
        Reason = reason,
        Detail = "NAME",
        IsOpen = isTrue,
        Power = isTrue ? 3 : null,
        Costs = [(number, (int)number)],
    };
}
