using Postern.Checks.Dkim;

namespace Postern.SystemTests.Check.Differential;

/// <summary>A message on which two verifiers differ.</summary>
internal sealed record DkimSeen(DkimRandomCase Case, IReadOnlyList<DkimOutcome> Ours, ReferenceAnswer Theirs)
{
    /// <summary>True where they accept more signatures than we do.</summary>
    public bool TheyAcceptMore => Passes(Theirs) > Ours.Count(o => o.Result == DkimResult.Pass);

    /// <summary>How many signatures a reference accepts.</summary>
    public static int Passes(ReferenceAnswer answer) => answer.Result.Split(' ').Count(r => r is "pass");

    /// <summary>True where one of our remarks names this.</summary>
    public bool OursSays(string words) => Ours.Any(o => o.Remark?.Contains(words, StringComparison.Ordinal) ?? false);

    /// <summary>True where the reference's words name this.</summary>
    public bool TheirsSays(string words) => Theirs.Reason.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>True where the signature or what was done to the message has this in it.</summary>
    public bool Has(string words, StringComparison comparison = StringComparison.Ordinal) => Case.What.Contains(words, comparison);
}

/// <summary>A known class of differences in which we are right.</summary>
/// <param name="Title">What it is, with the section that says so.</param>
/// <param name="Explains">True for a message of the class.</param>
internal sealed record DkimDifference(string Title, Predicate<DkimSeen> Explains);

/// <summary>Where dkimpy 1.1.4 and Mail::DKIM 1.20230212 differ from RFC 6376 and its successors, and we do not.</summary>
internal static class DkimDifferences
{
    private static readonly DkimDifference[] s_common =
    [
        new("h= that names DKIM-Signature does not count the signature itself (RFC 6376, 3.7)", s => !s.TheyAcceptMore && s.Has("dkim-signature", StringComparison.OrdinalIgnoreCase)),
        new("rsa-sha1 is no pass (RFC 8301, 3.1)", s => s.TheyAcceptMore && s.OursSays("SHA-1")),
        new("a body without a line end at its end gets one (RFC 6376, 3.4.3 and 3.4.4)", s => !s.TheyAcceptMore && s.TheirsSays("body") && !s.Case.Bytes.AsSpan().EndsWith("\r\n"u8)),
    ];

    /// <summary>Those of dkimpy.</summary>
    public static IReadOnlyList<DkimDifference> OfDkimpy { get; } =
    [
        .. s_common,
        new("the key's h= tells which hashes it allows (RFC 6376, 3.6.1)", s => s.TheyAcceptMore && s.OursSays("the key does not allow this hash")),
        new("the key's s= is a list (RFC 6376, 3.6.1)", s => s.TheirsSays("UnknownKeyTypeError") && s.Has("s=email")),
        new("of the methods of q= those that are unknown are passed over (RFC 6376, 3.5)", s => s.TheirsSays("q= value is not dns/txt") && s.Has("q=dns/txt:x")),
        new("strings of the grammar have no case (RFC 5234, 2.3)", s => s.TheirsSays("unknown signature algorithm") && s.Has("a=RSA-SHA256")),
        new("blanks before a colon are deleted (RFC 6376, 3.4.2; RFC 5322, 4.5)", s => s.TheirsSays("Unexpected characters in RFC822 header") && s.Has("a blank before a colon")),
        new("a second From that is not signed makes a pass weak, which then shows nothing (RFC 6376, 8.15)", s => !s.TheyAcceptMore && s.Ours.Any(o => o.IsWeak) && s.OursSays("leaves a second From field open")),
    ];

    /// <summary>Those of Mail::DKIM.</summary>
    public static IReadOnlyList<DkimDifference> OfMailDkim { get; } =
    [
        .. s_common,
        new("a key may be a bare RSAPublicKey, as the text says (RFC 6376, 3.6.1, erratum 3017)", s => s.TheirsSays("OpenSSL error") && s.Has("s=pkcs1")),
        new("a signature that was made in the future may be refused (RFC 6376, 3.5)", s => s.TheyAcceptMore && s.OursSays("made in the future")),
        new("l=0 signs nothing of the body (RFC 6376, 3.5), a pass that is weak", s => !s.TheyAcceptMore && s.Has(" l=0;") && s.TheirsSays("body")),
        new("an RSA key below 1,024 bits is no pass (RFC 8301, 3.2)", s => s.TheyAcceptMore && s.OursSays("the key has 768 bits only")),
        new("x= must be later than t= (RFC 6376, 3.5)", s => s.TheyAcceptMore && s.OursSays("it expires before it was made")),
        new("a tag that comes twice makes the whole list invalid (RFC 6376, 3.2)", s => s.TheyAcceptMore && s.Has("s=twice") && s.OursSays("the key record cannot be read")),
    ];
}
