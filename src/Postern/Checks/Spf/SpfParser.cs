using System.Collections.Immutable;

namespace Postern.Checks.Spf;

/// <summary>
/// Reads a record into a policy (RFC 7208, 4.5, 4.6.1 and 12). Every term is read: an error anywhere spoils the whole record,
/// however early a term before it would match.
/// </summary>
internal static class SpfParser
{
    private const string Version = "v=spf1";

    /// <summary>True where a TXT record is an SPF record: the version, then a blank or the end.</summary>
    public static bool IsRecord(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    /// <summary>Reads a text of which <see cref="IsRecord"/> is true.</summary>
    public static SpfPolicy Parse(string record)
    {
        var text = record.AsSpan();
        if (text.ContainsAnyExceptInRange(' ', '~'))
        {
            return Broken(record, "the record is not printable ASCII");
        }

        var terms = ImmutableArray.CreateBuilder<SpfTerm>();
        MacroString? redirect = null, explanation = null;
        string? problem = null;
        for (var start = Version.Length; start < text.Length && problem is null;)
        {
            var length = text[start..].IndexOf(' ') is var blank and >= 0 ? blank : text.Length - start;
            var written = new Range(start, start + length);
            var term = text[written];
            start += length + 1;
            if (term.IsEmpty)
            {
                continue;
            }

            switch (ModifierName(term))
            {
                case 0:
                    if (MechanismParser.Parse(term, written, out problem) is { } mechanism)
                    {
                        terms.Add(mechanism);
                    }

                    break;
                case 8 when term.StartsWith("redirect", StringComparison.OrdinalIgnoreCase):
                    problem = redirect is null ? null : "redirect= stands twice";
                    redirect = problem is null ? MacroParser.ParseDomain(term[9..], out problem) : null;
                    break;
                case 3 when term.StartsWith("exp", StringComparison.OrdinalIgnoreCase):
                    problem = explanation is null ? null : "exp= stands twice";
                    explanation = problem is null ? MacroParser.ParseDomain(term[4..], out problem) : null;
                    break;
                case var name:
                    MacroParser.ParseValue(term[(name + 1)..], out problem);
                    break;
            }

            problem = problem is null ? null : $"{SpfNames.Quote(term)}: {problem}";
        }

        return problem is null
            ? new SpfPolicy(record, terms.ToImmutable(), redirect, explanation, null)
            : Broken(record, problem);
    }

    private static SpfPolicy Broken(string record, string problem) => new(record, [], null, null, problem);

    /// <summary>The length of a modifier's name: a letter, then letters, digits, - _ or a dot, up to the equals sign; 0 for
    /// anything else.</summary>
    private static int ModifierName(ReadOnlySpan<char> term)
    {
        var equals = term.IndexOf('=');
        if (equals <= 0 || !char.IsAsciiLetter(term[0]))
        {
            return 0;
        }

        foreach (var c in term[..equals])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return 0;
            }
        }

        return equals;
    }
}
