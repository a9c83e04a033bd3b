namespace Postern.Reports.Outlines;

/// <summary>The labels that only the page has.</summary>
/// <param name="Ban">Tile of the clients to ban.</param>
/// <param name="DoNotBan">Tile of the clients that must not be banned.</param>
/// <param name="Watch">Tile of the clients that are worth watching.</param>
/// <param name="Harmless">Tile of the harmless ones.</param>
/// <param name="Filter">What the tiles are for.</param>
/// <param name="ShowAll">Ends the choice of a tile.</param>
/// <param name="Copying">How a command is copied.</param>
/// <param name="Timeline">Heading of the sessions over time.</param>
/// <param name="Questions">Heading of the questions.</param>
/// <param name="Charts">Heading of the other plots.</param>
internal sealed record PageWords(
    string Ban, string DoNotBan, string Watch, string Harmless, string Filter, string ShowAll, string Copying, string Timeline, string Questions, string Charts);

/// <content>What only the page says.</content>
internal partial interface IOutlineLanguage
{
    /// <summary>The labels of the page.</summary>
    PageWords Page { get; }

    /// <summary>The verdict on the whole input in a few words.</summary>
    string FormatVerdict(Outline outline);

    /// <summary>The title of the page: the verdict, the server and the day.</summary>
    string FormatPageTitle(Outline outline);

    /// <summary>What a column of the sessions over time stands for, and what is left out.</summary>
    string FormatTimelineNote(TimeSpan column);

    /// <summary>That more clients follow when this is opened.</summary>
    string FormatFurther(int clients);

    /// <summary>That more clients are counted, but stand nowhere on the page.</summary>
    string FormatUnlisted(int clients);
}
