using Postern.Fail2Ban.Lint;

namespace Postern.Cli.Words;

/// <summary>What <c>filter test</c> and <c>filter lint</c> say.</summary>
internal interface IFilterWords
{
    /// <summary>How many lines the expressions matched.</summary>
    string Hits(long hits);

    /// <summary>The heading of the date patterns.</summary>
    string Dates { get; }

    /// <summary>How many lines in all, ignored, matched and missed.</summary>
    string Lines(long total, long ignored, long matched, long missed);

    /// <summary>Lines that name only a host.</summary>
    string NamesOnly(long lines);

    /// <summary>Lines that cost too much.</summary>
    string GaveUp(long lines);

    /// <summary>The name of a match that has no address yet.</summary>
    string NoAddressYet { get; }

    /// <summary>The heading of the faults below the hits.</summary>
    string FaultsBelow { get; }

    /// <summary>How many faults there are.</summary>
    string Faults(long faults);

    /// <summary>What is wrong.</summary>
    string Problem(LintWarning warning);

    /// <summary>What to do about it; empty where nothing general helps.</summary>
    string Fix(LintWarning warning);

    /// <summary>The label before the fix.</summary>
    string FixLabel { get; }

    /// <summary>The label before the example.</summary>
    string ExampleLabel { get; }

    /// <summary>Who sent the example, and who is counted for it.</summary>
    string Blamed(string sender, string named);
}
