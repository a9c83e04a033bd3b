namespace Postern.Tests.Fail2Ban.Samples;

/// <summary>The few forms of Python conditions that sample logs use: <c>name == 'sshd'</c>, <c>opts.get('mode') != 'aggressive'</c>.</summary>
internal static class SampleCondition
{
    public static bool Holds(string condition, string name, IReadOnlyDictionary<string, string> options)
    {
        foreach (var part in condition.Split(" and ", StringSplitOptions.TrimEntries))
        {
            var equal = part.Contains("==", StringComparison.Ordinal);
            var sides = part.Split(equal ? "==" : "!=", StringSplitOptions.TrimEntries);
            if (sides.Length != 2)
            {
                throw new NotSupportedException($"the condition '{part}'");
            }

            if (string.Equals(Value(sides[0], name, options), Value(sides[1], name, options), StringComparison.Ordinal) != equal)
            {
                return false;
            }
        }

        return true;
    }

    private static string? Value(string text, string name, IReadOnlyDictionary<string, string> options) => text switch
    {
        "name" => name,
        "None" => null,
        ['\'' or '"', .. var quoted, '\'' or '"'] => quoted,
        _ when text.StartsWith("opts.get(", StringComparison.Ordinal) => options.GetValueOrDefault(text[10..^2]),
        _ => throw new NotSupportedException($"the value '{text}'"),
    };
}
