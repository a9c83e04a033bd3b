using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>
/// One language of the reports: every sentence that a reader sees. What a client wrote is escaped by <see cref="SafeText"/>
/// before it enters a sentence; the sentences are plain text, without line breaks and without markup.
/// </summary>
internal interface IReportLanguage
{
    /// <summary>The code of the language (BCP 47), for the HTML page and for <c>--lang</c>.</summary>
    string Tag { get; }

    /// <summary>Headings, labels and short fixed words.</summary>
    ReportWords Words { get; }

    /// <summary>A number for people, with thousands apart.</summary>
    string Number(long number);

    /// <summary>A count of sessions with its word: <c>3 sessions</c>.</summary>
    string Sessions(long number);

    /// <summary>A count of clients with its word.</summary>
    string Clients(long number);

    /// <summary>A share of 0 to 1 in per cent.</summary>
    string PerCent(double share);

    /// <summary>A length of time in at most two units.</summary>
    string Duration(TimeSpan time);

    /// <summary>From when to when; one time where both are the same second.</summary>
    string Range(LogTime from, LogTime to);

    /// <summary>Sentences that follow each other.</summary>
    string Join(IEnumerable<string> sentences);

    /// <summary>A name and what belongs to it: <c>name: value</c>.</summary>
    string Labelled(string label, string value);

    /// <summary>What an operator should know of how the input was read.</summary>
    string Warning(ReportWarning warning);

    /// <summary>A form of lines that is not known, with how many lines have it.</summary>
    string Say(UnknownForm form);

    /// <summary>Things side by side: <c>a, b, c</c>.</summary>
    string List(IEnumerable<string> things);

    /// <summary>The name of a behaviour, of two or three words.</summary>
    string Name(Behaviour behaviour);

    /// <summary>What a behaviour is, in one sentence.</summary>
    string Describe(Behaviour behaviour);

    /// <summary>A cause as a noun with its article, to stand within a sentence.</summary>
    string Name(Cause cause);

    /// <summary>Why a client of this cause comes again and again.</summary>
    string WhyAgain(Cause cause);

    /// <summary>The verdict in one or two words.</summary>
    string Name(Verdict verdict);

    /// <summary>The result of a test in a word.</summary>
    string Name(TestResult result);

    /// <summary>One test of a sender in a line, without its name.</summary>
    string Say(Evidence evidence);

    /// <summary>A burst of sessions.</summary>
    string SayBurst(int sessions, TimeSpan length);

    /// <summary>An observation as a sentence.</summary>
    string Say(Clue clue);

    /// <summary>A trouble of the server's own in a few words.</summary>
    string Name(TroubleKind trouble);

    /// <summary>What to do about a trouble of the server's own.</summary>
    string Advise(TroubleKind trouble);

    /// <summary>A trouble of the server's own: what, how much it cost, when, and the fix.</summary>
    string Say(Trouble trouble);

    /// <summary>A group of clients that do the same, in a sentence.</summary>
    string Say(Campaign campaign);

    /// <summary>What to do about such a group; empty where there is nothing but what each of them needs.</summary>
    string Advise(Campaign campaign);

    /// <summary>An account that others than its owner use, in a sentence.</summary>
    string Say(AccountTakeover takeover);

    /// <summary>What to do about it.</summary>
    string Advise(AccountTakeover takeover);

    /// <summary>Whether it is anything like a denial of service.</summary>
    /// <param name="load">How heavy it is.</param>
    /// <param name="hasTimes">False where no source has times, so that nothing can be measured.</param>
    string Say(Load load, bool hasTimes);

    /// <summary>The cause with how sure that is, in a sentence.</summary>
    string Say(CauseFinding cause);

    /// <summary>What was read: lines, sessions, notices.</summary>
    string SayInput(Explanation explanation);

    /// <summary>The traffic that only delivered mail, in a sentence.</summary>
    string SayOrdinary(int clients, int sessions);

    /// <summary>What is behind a client and what decided that.</summary>
    string Explain(ClientFinding client);

    /// <summary>What to do about a client.</summary>
    string Advise(ClientFinding client);

    /// <summary>The answers to the operator's questions, in their order.</summary>
    IReadOnlyList<Answer> Summarise(Overview overview);

    /// <summary>How long a time a column of a plot stands for.</summary>
    string SayColumn(TimeSpan width);

    /// <summary>That only the first of many are shown in full.</summary>
    string SayMore(int shown, int all);
}

/// <summary>One question of the operator with its answer.</summary>
/// <param name="Question">The heading.</param>
/// <param name="Text">The answer.</param>
/// <param name="Items">What belongs to it, one each; may be empty.</param>
internal sealed record Answer(string Question, string Text, IReadOnlyList<string> Items);
