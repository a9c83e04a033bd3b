namespace Postern.Reports.Languages;

/// <summary>The headings, labels and short fixed words of a report. All are required, so that no language can lack one.</summary>
internal sealed record ReportWords
{
    /// <summary>Title of the report.</summary>
    public required string Title { get; init; }
    /// <summary>Label of the period.</summary>
    public required string Period { get; init; }
    /// <summary>Stands for a period that is not known.</summary>
    public required string NoTimes { get; init; }
    /// <summary>Label of what was read.</summary>
    public required string Input { get; init; }
    /// <summary>Heading of the summary.</summary>
    public required string Summary { get; init; }
    /// <summary>Heading of the server's own troubles.</summary>
    public required string Troubles { get; init; }
    /// <summary>Heading of the clients in full.</summary>
    public required string Clients { get; init; }
    /// <summary>Heading of the clients of one line each.</summary>
    public required string MoreClients { get; init; }
    /// <summary>Heading of the groups.</summary>
    public required string Campaigns { get; init; }
    /// <summary>Heading of the ordinary traffic.</summary>
    public required string Ordinary { get; init; }
    /// <summary>Heading of the warnings.</summary>
    public required string Warnings { get; init; }
    /// <summary>Heading of the forms of lines that are not known.</summary>
    public required string UnknownForms { get; init; }
    /// <summary>Heading of the catalogue of behaviours.</summary>
    public required string Glossary { get; init; }
    /// <summary>Stands for an address that is not known.</summary>
    public required string UnknownAddress { get; init; }
    /// <summary>Label of a PTR name.</summary>
    public required string PtrName { get; init; }
    /// <summary>Follows a PTR name that does not resolve back.</summary>
    public required string NotConfirmed { get; init; }
    /// <summary>Stands for a PTR name that is not there.</summary>
    public required string NoName { get; init; }
    /// <summary>Label of HELO names.</summary>
    public required string HeloNames { get; init; }
    /// <summary>Label of sessions.</summary>
    public required string Sessions { get; init; }
    /// <summary>Label of the times of a client.</summary>
    public required string Seen { get; init; }
    /// <summary>Label of bursts.</summary>
    public required string Bursts { get; init; }
    /// <summary>Label of behaviours.</summary>
    public required string Behaviours { get; init; }
    /// <summary>Label of the explanation.</summary>
    public required string Why { get; init; }
    /// <summary>Label of the advice.</summary>
    public required string Advice { get; init; }
    /// <summary>Label of the payload.</summary>
    public required string Payload { get; init; }
    /// <summary>Label of the tests of a sender.</summary>
    public required string Tests { get; init; }
    /// <summary>Label of the verdict.</summary>
    public required string Verdict { get; init; }
    /// <summary>Label of a client.</summary>
    public required string Client { get; init; }
    /// <summary>Heading of the plot of sessions over time.</summary>
    public required string PlotTimeline { get; init; }
    /// <summary>What that plot shows.</summary>
    public required string PlotTimelineNote { get; init; }
    /// <summary>Heading of the plot of clients by sessions.</summary>
    public required string PlotClients { get; init; }
    /// <summary>What that plot shows.</summary>
    public required string PlotClientsNote { get; init; }
    /// <summary>Heading of the plot of bursts.</summary>
    public required string PlotBursts { get; init; }
    /// <summary>What that plot shows.</summary>
    public required string PlotBurstsNote { get; init; }
    /// <summary>Stands in a legend for all behaviours that have no row of their own.</summary>
    public required string OtherBehaviours { get; init; }
    /// <summary>Label of the axis of time; the offset follows.</summary>
    public required string TimeAxis { get; init; }
    /// <summary>Points on to the next command.</summary>
    public required string Hint { get; init; }
    /// <summary>Opens a quotation of what a client wrote.</summary>
    public required string OpenQuote { get; init; }
    /// <summary>How to see all, after a count of those shown.</summary>
    public required string AllHint { get; init; }

    /// <summary>What stands for an empty line that a client sent.</summary>
    public required string EmptyLine { get; init; }

    /// <summary>The label of tests that were not made.</summary>
    public required string NotAsked { get; init; }

    /// <summary>Closes it.</summary>
    public required string CloseQuote { get; init; }
}
