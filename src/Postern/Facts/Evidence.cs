namespace Postern.Facts;

/// <summary>The result of a test of a sender's legitimacy, in the words of RFC 8601.</summary>
public enum TestResult : byte
{
    /// <summary>The test does not apply, or its input is missing.</summary>
    Skipped,
    /// <summary>The sender passes.</summary>
    Pass,
    /// <summary>The sender fails.</summary>
    Fail,
    /// <summary>A weak failure.</summary>
    SoftFail,
    /// <summary>The domain's owner makes no statement.</summary>
    Neutral,
    /// <summary>Nothing is published: passes without credit.</summary>
    None,
    /// <summary>DNS trouble: no evidence either way.</summary>
    TempError,
    /// <summary>What is published cannot be used.</summary>
    PermError,
}

/// <summary>What one test found.</summary>
/// <param name="Name">The test, such as <c>fcrdns</c>.</param>
/// <param name="Result">The result.</param>
/// <param name="Points">What it adds to (genuine) or takes from (negative) the sum.</param>
/// <param name="Detail">Why, in a sentence for the operator.</param>
/// <param name="Lookups">The DNS questions asked, such as <c>PTR 1.2.0.192.in-addr.arpa</c>.</param>
public sealed record Evidence(string Name, TestResult Result, double Points, string Detail, IReadOnlyList<string> Lookups);
