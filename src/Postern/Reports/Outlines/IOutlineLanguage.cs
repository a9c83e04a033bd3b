using Postern.Facts;

namespace Postern.Reports.Outlines;

/// <summary>The labels of a first screen.</summary>
/// <param name="InShort">Label of the conclusion.</param>
/// <param name="ToDo">Label of the actions.</param>
/// <param name="Problem">Heading of the server's own troubles.</param>
/// <param name="Session">Label of the course of a pasted session.</param>
/// <param name="Ban">Heading of the clients to ban; the number follows.</param>
/// <param name="Busiest">Heading of the busiest clients, where none is to be banned.</param>
/// <param name="DoNotBan">Heading of the clients that must not be banned.</param>
/// <param name="NotEnough">Label of the clients that are worth watching.</param>
/// <param name="Harmless">Label of the harmless ones.</param>
/// <param name="SessionsColumn">Column of sessions.</param>
/// <param name="DidColumn">Column of what a client did.</param>
/// <param name="NameColumn">Column of PTR names.</param>
/// <param name="Why">Heading of the reasons, where few clients leave room for them.</param>
/// <param name="Next">Label of the next steps.</param>
internal sealed record OutlineWords(
    string InShort, string ToDo, string Problem, string Session, string Ban, string Busiest, string DoNotBan, string NotEnough, string Harmless,
    string SessionsColumn, string DidColumn, string NameColumn, string Why, string Next);

/// <summary>A thing to do: a command with what it does, or a sentence.</summary>
/// <param name="Text">What it does, or the sentence.</param>
/// <param name="Command">What to type; null for none.</param>
internal sealed record OutlineAction(string Text, string? Command = null);

/// <summary>A question of the operator with its answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer, of two or three sentences.</param>
internal sealed record OutlineAnswer(string Question, string Answer);

/// <summary>The sentences of a first screen in one language. They are plain text; what a client wrote is escaped within them.</summary>
internal partial interface IOutlineLanguage
{
    /// <summary>The labels.</summary>
    OutlineWords Words { get; }

    /// <summary>What the report is of, and of when.</summary>
    string FormatTitle(Outline outline);

    /// <summary>What was read.</summary>
    string FormatInput(Outline outline);

    /// <summary>The conclusion: danger, whom, whether anything got through, whom not to ban.</summary>
    IReadOnlyList<string> Conclude(Outline outline);

    /// <summary>What to do now.</summary>
    /// <param name="outline">The facts.</param>
    /// <param name="program">How this program is called here: <c>postern</c> or <c>./postern</c>.</param>
    IReadOnlyList<OutlineAction> Act(Outline outline, string program);

    /// <summary>The course of the pasted session; empty where there is none.</summary>
    IReadOnlyList<string> DescribeTranscript(Outline outline);

    /// <summary>A heading with the number of clients below it.</summary>
    string FormatHeading(string heading, int clients);

    /// <summary>What a client did, in few words.</summary>
    /// <param name="client">Who.</param>
    /// <param name="cells">The cells that it may take; how it came together is left out where it would take more.</param>
    string FormatDeed(ClientFinding client, int cells);

    /// <summary>Its PTR name in few words.</summary>
    /// <param name="client">Who.</param>
    /// <param name="cells">The cells that it may take.</param>
    string FormatName(ClientFinding client, int cells);

    /// <summary>Why a client must not be banned, in few words.</summary>
    string FormatMerit(ClientFinding client);

    /// <summary>Why a client is judged as it is, and what to do about it; without its address.</summary>
    string FormatReason(ClientFinding client);

    /// <summary>Counts of causes side by side.</summary>
    string FormatCauses(IReadOnlyList<CauseGroup> causes);

    /// <summary>What the members of a botnet do, the most frequent first.</summary>
    string FormatBehaviours(Outline outline);

    /// <summary>The clients that only sent mail.</summary>
    string FormatOrdinary(Outline outline);

    /// <summary>That more clients are not shown.</summary>
    string FormatRest(int clients);

    /// <summary>The operator's questions, in their order; those that do not arise are left out.</summary>
    IReadOnlyList<OutlineAnswer> AnswerQuestions(Outline outline, string program);

    /// <summary>The next steps.</summary>
    IReadOnlyList<string> PointOn(Outline outline, string program);
}
