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

/// <summary>The fixed words of the verdict and the title.</summary>
/// <param name="NoSession">The input holds no session.</param>
/// <param name="Harmless">A transcript that does no harm.</param>
/// <param name="NothingSuspicious">Nobody did anything but deliver mail.</param>
/// <param name="NobodyToBan">Nobody reached a limit.</param>
/// <param name="Transcript">The input is one transcript.</param>
/// <param name="And">Stands between the parts of a verdict.</param>
/// <param name="Until">Stands between two days.</param>
internal sealed record VerdictWords(string NoSession, string Harmless, string NothingSuspicious, string NobodyToBan, string Transcript, string And, string Until);

/// <content>What only the page says.</content>
internal partial interface IOutlineLanguage
{
    /// <summary>The labels of the page.</summary>
    PageWords Page { get; }

    /// <summary>The words of the verdict and the title.</summary>
    VerdictWords Title { get; }

    /// <summary>That passwords of users are in others' hands.</summary>
    string FormatStolenAccounts(int accounts);

    /// <summary>That the server has troubles of its own.</summary>
    string FormatServerProblems(int problems);

    /// <summary>That clients work together.</summary>
    string FormatBotnet(int clients);

    /// <summary>That clients are to be banned.</summary>
    string FormatToBan(int clients);

    /// <summary>What a column of the sessions over time stands for, and what is left out.</summary>
    string FormatTimelineNote(TimeSpan column);

    /// <summary>That more clients follow when this is opened.</summary>
    string FormatFurther(int clients);

    /// <summary>That more clients are counted, but stand nowhere on the page.</summary>
    string FormatUnlisted(int clients);
}
