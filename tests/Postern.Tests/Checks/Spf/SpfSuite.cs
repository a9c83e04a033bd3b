using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Spf;
using Postern.Facts;

namespace Postern.Tests.Checks.Spf;

/// <summary>A case of an openspf suite.</summary>
/// <param name="Id">Its name, which need not be unique.</param>
/// <param name="Zone">The DNS of its scenario.</param>
/// <param name="Host">The client's address.</param>
/// <param name="MailFrom">The sender; empty where the HELO name is checked.</param>
/// <param name="Helo">The HELO name; perhaps empty.</param>
/// <param name="Wanted">The results of RFC 7208 that are right; none for a case that asks for another implementation's modes.</param>
/// <param name="Explanation">The explanation that a fail must have; null where it does not matter.</param>
internal sealed record SpfCase(
    string Id,
    SuiteZone Zone,
    string Host,
    string MailFrom,
    string Helo,
    IReadOnlyList<SpfResult> Wanted,
    string? Explanation)
{
    /// <summary>What is wrong with the evaluator's answer; null where nothing is.</summary>
    public Task<string?> RunAsync(CancellationToken cancellationToken) => RunAsync(Zone, cancellationToken);

    /// <summary>The same over another resolver, which must know the case's zone.</summary>
    public async Task<string?> RunAsync(IResolver resolver, CancellationToken cancellationToken)
    {
        if (!ClientAddress.TryParse(Host, out var client))
        {
            return $"{Id}: '{Host}' is no address";
        }

        var sender = MailFrom.Length > 0 ? MailFrom : $"postmaster@{Helo}";
        var evaluator = new SpfEvaluator(resolver, new SpfOptions { DefaultExplanation = "DEFAULT" });
        var outcome = await evaluator.EvaluateAsync(client, sender[(sender.LastIndexOf('@') + 1)..], sender, Helo, cancellationToken);
        if (!Wanted.Contains(outcome.Result))
        {
            return $"{Id}: {outcome.Result} instead of {string.Join(" or ", Wanted)} ({outcome.Problem ?? outcome.Mechanism})";
        }

        return outcome.Result == SpfResult.Fail && Explanation is not null && !string.Equals(Explanation, outcome.Explanation, StringComparison.Ordinal)
            ? $"{Id}: explained by '{outcome.Explanation}' instead of '{Explanation}'"
            : null;
    }
}

/// <summary>Reads files of the openspf test suite's format.</summary>
internal static class SpfSuite
{
    public static List<SpfCase> Read(string path)
    {
        // One of the old files is not UTF-8; what the format means by a character is an octet.
        var bytes = File.ReadAllBytes(path);
        var text = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
        return Parse(text.TrimStart('\uFEFF'));
    }

    public static List<SpfCase> Parse(string text)
    {
        var cases = new List<SpfCase>();
        foreach (var scenario in YamlTree.ReadDocuments(new StringReader(text)))
        {
            var zone = new SuiteZone(scenario["zonedata"]);
            foreach (var (id, test) in scenario["tests"].Pairs ?? [])
            {
                var explanation = test["explanation"];
                cases.Add(new SpfCase(
                    id,
                    zone,
                    test["host"].Text,
                    test["mailfrom"].Text,
                    test["helo"].Text,
                    Wanted(test),
                    explanation.Scalar));
            }
        }

        return cases;
    }

    private static List<SpfResult> Wanted(YamlTree test)
    {
        var results = new List<SpfResult>();
        foreach (var item in test["result"].AsList())
        {
            var name = item.Text.Trim().ToUpperInvariant() switch
            {
                "UNKNOWN" => nameof(SpfResult.PermError),
                "ERROR" => nameof(SpfResult.TempError),
                var other => other,
            };
            if (Enum.TryParse<SpfResult>(name, ignoreCase: true, out var result))
            {
                results.Add(result);
            }
        }

        // pyspf's lax mode repairs policies, which RFC 7208 does not.
        return test["strict"].Text is "0" or "false" or "False" ? [] : results;
    }
}
