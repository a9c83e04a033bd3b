using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.ReverseDns;

/// <summary>The tests <c>ptr</c>, <c>fcrdns</c> and <c>generic-ptr</c>, all read from one reverse look-up.</summary>
internal sealed class ReverseDnsCheck(ReverseDnsOptions options, PublicSuffixes suffixes)
{
    private readonly ProviderNames _providers = new(options.ProviderNames);

    /// <summary>Has the address a name?</summary>
    public static SenderFinding Pointer(ReverseNames names, IReadOnlyList<string> lookups)
    {
        var (result, detail) = names.Pointer switch
        {
            { IsTrouble: true } trouble => (TestResult.TempError, $"the DNS does not say what the address is called: {trouble.Problem}"),
            _ when names.Names.Count == 0 => (TestResult.Fail, "the address has no PTR name"),
            { Truncated: true } or { Names.Count: > 10 } => (TestResult.Pass, $"many PTR names, the first is {Show.Text(names.Names[0].Name)}"),
            _ => (TestResult.Pass, $"PTR name {string.Join(", ", names.Names.Take(3).Select(n => Show.Text(n.Name)))}"),
        };
        return new() { Test = "ptr", Result = result, Detail = detail, Lookups = lookups };
    }

    /// <summary>Does a name lead back to the address?</summary>
    public static SenderFinding Confirmed(ReverseNames names, IReadOnlyList<string> lookups)
    {
        var (result, detail) = names switch
        {
            { Pointer.IsTrouble: true } => (TestResult.TempError, "the PTR name could not be looked up"),
            { Names.Count: 0 } => (TestResult.Fail, "no PTR name that could lead back to the address"),
            _ when names.Names.FirstOrDefault(n => n.IsConfirmed) is { } good => (TestResult.Pass, $"{Show.Text(good.Name)} resolves back to the address"),
            _ when names.Names.FirstOrDefault(n => n.Trouble is not null) is { } bad => (TestResult.TempError, $"{Show.Text(bad.Name)} could not be looked up: {bad.Trouble}"),
            _ => (TestResult.Fail, $"{Show.Text(names.Names[0].Name)} does not resolve back to the address"),
        };
        return new() { Test = "fcrdns", Result = result, Detail = detail, Lookups = lookups };
    }

    /// <summary>Is the name one that an access network gives to every line?</summary>
    public SenderFinding Generic(ReverseNames names, ClientAddress client)
    {
        if (names.Best is not { } best)
        {
            return new()
            {
                Test = "generic-ptr",
                Result = names.Pointer.IsTrouble ? TestResult.TempError : TestResult.Skipped,
                Detail = names.Pointer.IsTrouble ? "the PTR name could not be looked up" : "no PTR name to judge",
            };
        }

        var finding = GenericName.Judge(best.Name, client, suffixes, _providers);
        var name = Show.Text(best.Name);
        var (result, detail) = finding.Kind switch
        {
            GenericNameKind.Chosen => (TestResult.Pass, $"{name} looks like a mail server's name"),
            GenericNameKind.Pool => (TestResult.Neutral, $"{name} looks like one of a numbered set of mail servers ({finding.Why})"),
            GenericNameKind.Numbered => (TestResult.SoftFail, $"{name} looks like a name made from a number, not chosen for a mail server ({finding.Why})"),
            _ => (TestResult.Fail, $"{name} is a generic (dynamic or residential) PTR name ({finding.Why})"),
        };
        return new() { Test = "generic-ptr", Result = result, Detail = detail };
    }
}
