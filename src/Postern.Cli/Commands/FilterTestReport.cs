using Postern.Cli.Words;
using Postern.Facts;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Testing;

namespace Postern.Cli.Commands;

/// <summary>Tells what a test of a filter finds, while it runs.</summary>
internal abstract class FilterTestReport : IDisposable
{
    /// <summary>The log that is being read.</summary>
    public string Log { get; set; } = "";

    /// <summary>A report of the format that was asked for.</summary>
    public static FilterTestReport Create(bool json, Stream output, CompiledFilter filter, DateClock clock, IReadOnlyCollection<string> print, Wording wording) =>
        json ? new FilterTestJson(output, filter, clock, print, wording.Scripts.Filter) : new FilterTestText(output, filter, clock, print, wording.People.Filter);

    /// <summary>Tells of a line.</summary>
    public abstract void Line(TestedLine line);

    /// <summary>Tells the totals.</summary>
    public abstract void End(TestCounts counts);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The address that a finding concerns; null where it names none.</summary>
    protected static string? AddressOf(FilterMatch match)
    {
        var address = match.Failure.Address?.Address ?? match.Id?.Address ?? ClientAddress.Unknown;
        return address.IsKnown ? address.ToString() : null;
    }
}
