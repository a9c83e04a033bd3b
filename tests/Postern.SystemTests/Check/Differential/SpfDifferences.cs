using System.Text.RegularExpressions;
using Postern.Checks.Spf;

namespace Postern.SystemTests.Check.Differential;

/// <summary>A case on which two implementations differ.</summary>
internal sealed record SpfSeen(SpfRandomCase Case, SpfOutcome Ours, ReferenceAnswer Theirs)
{
    /// <summary>True where our problem names this.</summary>
    public bool OursSays(string words) => Ours.Problem?.Contains(words, StringComparison.Ordinal) ?? false;

    /// <summary>True where the reference's words name this.</summary>
    public bool TheirsSays(string words) => Theirs.Reason.Contains(words, StringComparison.Ordinal);

    /// <summary>True where the record has this form.</summary>
    public bool Has(Regex form) => form.IsMatch(Case.Record);
}

/// <summary>A known class of differences in which we are right.</summary>
/// <param name="Title">What it is, with the section that says so.</param>
/// <param name="Explains">True for a case of the class.</param>
internal sealed record SpfDifference(string Title, Predicate<SpfSeen> Explains);

/// <summary>Where pyspf 2.0.14 and Mail::SPF 2.009 differ from RFC 7208, and we do not.</summary>
internal static partial class SpfDifferences
{
    // Milliseconds that no short record comes near.
    private const int Patience = 60_000;

    /// <summary>Those of pyspf.</summary>
    public static IReadOnlyList<SpfDifference> OfPyspf { get; } =
    [
        new("names of modifiers have no case (RFC 7208, 4.6.1)", s => s.Has(CapitalModifier())),
        new("a macro that the grammar does not have is an error (7.1, 4.6)", s => s.OursSays("there is no macro such as") && HasWrongMacro(s)),
        new("exists: needs a domain (5.7)", s => s.OursSays("the domain is missing") && s.Has(BareExists())),
        new("of ptr and %{p} the term counts as void, not each name of the client (4.6.4)", s => s.TheirsSays("Void lookup limit") && s.Has(ClientName())),
        new("a redirect= that is not followed asks nothing and does not count (4.6.4, 6.1)", s => s.TheirsSays("Too many DNS lookups") && s.Has(AnyRedirect())),
        new("a modifier that nobody knows may come twice (6)", s => s.TheirsSays("MUST appear at most once") && s.Ours.Result != SpfResult.PermError),
        new("a loop of includes that is not reached is no error of syntax (4.6.2)", s => s.TheirsSays("trivial recursion")),
    ];

    /// <summary>Those of Mail::SPF.</summary>
    public static IReadOnlyList<SpfDifference> OfMailSpf { get; } =
    [
        new("more than 10 mail exchangers are an error (RFC 7208, 4.6.4)", s => s.OursSays("has more than 10 mail exchangers") && !s.Theirs.Result.Equals("temperror", StringComparison.Ordinal)),
        new("a macro that the grammar does not have, or of explanations only, is an error (7.1, 7.2, 4.6)", s => s.OursSays("there is no macro such as") && HasWrongMacro(s)),
        new("ip6: is compared with addresses of IPv6 only (5.6)", s => s.Has(Ip6OfIp4()) && !s.Case.Client.Contains(':', StringComparison.Ordinal)),
        new("a name with an empty label is one that does not exist (4.3, 4.8)", s => s.Theirs.Result.Equals("crash", StringComparison.Ordinal) && s.TheirsSays("empty label")),
        new("nothing may follow a prefix length (5.3, 12)", s => s.OursSays("a prefix length is not allowed here") && s.Has(JunkBehindLength())),
        new("exchangers are looked up in the order of preference (5.4), and so the limit of void lookups is met", s => s.OursSays("lookups find nothing") && s.Has(SeveralMx())),
        new("of ptr and %{p} the term counts as void, not each name of the client (4.6.4)", s => s.TheirsSays("void DNS look-ups limit") && s.Has(ClientName())),
        new("nobody looks up the root of a null MX (RFC 7505, 3)", s => s.TheirsSays("void DNS look-ups limit") && s.Has(NullMx())),
        new("a redirect= that is not followed asks nothing and does not count (4.6.4, 6.1)", s => s.TheirsSays("DNS-interactive terms limit") && s.Has(AnyRedirect())),
    ];

    /// <summary>
    /// True where a value that takes macros is not a macro-string (7.1); c, r and t are for explanations only (7.2).
    /// </summary>
    private static bool HasWrongMacro(SpfSeen seen) =>
        seen.Case.Record.Split(' ').Select(term => term.IndexOfAny([':', '=']) is var cut and > 0 ? term[(cut + 1)..] : "").Any(value => value.Contains('%', StringComparison.Ordinal) && !MacroString().IsMatch(value));

    [GeneratedRegex(@"^(?:%\{[slodiphv](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|%%|%_|%-|[!-$&-~])*$", RegexOptions.IgnoreCase, Patience)]
    private static partial Regex MacroString();

    [GeneratedRegex(" (?!redirect|exp)(?i:redirect|exp)=", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex CapitalModifier();

    [GeneratedRegex("(?i) [-+~?]?exists( |$)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex BareExists();

    [GeneratedRegex(@"(?i)( [-+~?]?ptr( |:|$)|%\{p)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex ClientName();

    [GeneratedRegex("(?i) [-+~?]?ip6:::(/0( |$)|ffff:)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Ip6OfIp4();

    [GeneratedRegex(@"(?i)mx:(mvoid|m|mm|m10)\.w\.test", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex SeveralMx();

    [GeneratedRegex("/[0-9]*[^0-9/ ]", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex JunkBehindLength();

    [GeneratedRegex(@"(?i) [-+~?]?mx:m0\.w\.test", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex NullMx();

    [GeneratedRegex("(?i) redirect=", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex AnyRedirect();
}
