using System.Text.RegularExpressions;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Reports.Languages;

public sealed partial class CompletenessTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void Every_kind_of_fact_has_words_of_its_own(string tag)
    {
        var language = ReportLanguages.For(tag);
        Distinct(Enum.GetValues<Behaviour>().Select(language.Name));
        Distinct(Enum.GetValues<Behaviour>().Select(language.Describe));
        Distinct(Enum.GetValues<Cause>().Select(language.Name));
        Distinct(Enum.GetValues<Cause>().Select(language.WhyAgain));
        Distinct(Enum.GetValues<Verdict>().Select(language.Name));
        Distinct(Enum.GetValues<TestResult>().Select(language.Name));
        Distinct(Enum.GetValues<ClueKind>().Select(kind => language.Say(new Clue(kind, 3, "word"))));
        Distinct(Enum.GetValues<ClueKind>().Select(kind => language.Say(new Clue(kind, 1))));
        Distinct(Enum.GetValues<Verdict>().Select(verdict => language.Advise(Client(Cause.Unclear, 0, verdict))));
        Distinct(new[] { 0.9, 0.7, 0.5, 0.1 }.Select(confidence => language.Explain(Client(Cause.ScriptedBot, confidence, Verdict.Watch))));
    }

    [Fact]
    public void Japanese_is_Japanese_throughout()
    {
        var language = ReportLanguages.For("ja");
        foreach (var sentence in AllTexts(language))
        {
            JapaneseCharacter().IsMatch(sentence).ShouldBeTrue(sentence);
            EnglishWords().IsMatch(sentence.Replace("reject: RCPT from", "", StringComparison.Ordinal)).ShouldBeFalse(sentence);
        }
    }

    [Fact]
    public void English_holds_no_Japanese() =>
        AllTexts(ReportLanguages.For("en")).ShouldAllBe(sentence => !JapaneseCharacter().IsMatch(sentence));

    [Theory]
    [InlineData("en", "1 session.", "2 sessions.")]
    [InlineData("ja", "1 セッション", "2 セッション")]
    public void Numbers_agree(string tag, string one, string two)
    {
        var language = ReportLanguages.For(tag);
        language.Say(new Clue(ClueKind.HighRate, 1)).ShouldContain(one);
        language.Say(new Clue(ClueKind.HighRate, 2)).ShouldContain(two);
    }

    [Theory]
    [InlineData(0.80, "Almost certainly a bot")]
    [InlineData(0.79, "Probably a bot")]
    [InlineData(0.59, "Perhaps a bot")]
    [InlineData(0.39, "The cause is unknown; closest match: a bot")]
    public void A_sentence_claims_no_more_than_its_confidence(double confidence, string expected) =>
        ReportLanguages.For("en").Explain(Client(Cause.ScriptedBot, confidence, Verdict.Watch)).ShouldStartWith(expected);

    [Fact]
    public void The_length_of_a_burst_is_told_in_the_language()
    {
        var clue = new Clue(ClueKind.Burst, 120, "1 min 40 s");
        ReportLanguages.For("en").Say(clue).ShouldBe("Its largest burst held 120 sessions within 1 min 40 s.");
        ReportLanguages.For("ja").Say(clue).ShouldBe("最も集中したときは 1 分 40 秒間に 120 セッションです。");
    }

    [Theory]
    [InlineData("en", "answers wrongly")]
    [InlineData("ja", "応答が誤っているのか")]
    public void The_lone_dot_is_spoken_of_only_where_there_is_one(string tag, string question)
    {
        var language = ReportLanguages.For(tag);
        language.Summarise(new Overview(SampleExplanation.Transcript())).ShouldContain(answer => answer.Question.Contains(question, StringComparison.Ordinal));
        language.Summarise(new Overview(SampleExplanation.Many(3))).ShouldNotContain(answer => answer.Question.Contains(question, StringComparison.Ordinal));
    }

    // Commands stand between back quotes and are the same in every language.
    private static string Uncommanded(string text) => string.Concat(text.Split('`').Where((_, part) => part % 2 == 0));

    private static IEnumerable<string> AllTexts(IReportLanguage language)
    {
        var words = language.Words;
        // Read by reflection, so that a word added later is tested too. HELO and quotation marks are no sentences.
        var fixedWords = typeof(ReportWords).GetProperties()
            .Where(word => word.Name is not (nameof(ReportWords.HeloNames) or nameof(ReportWords.OpenQuote) or nameof(ReportWords.CloseQuote) or nameof(ReportWords.AllHint)))
            .Select(word => Uncommanded((string)word.GetValue(words)!));
        var explanations = new[]
        {
            SampleExplanation.Rich(), SampleExplanation.Transcript(), SampleExplanation.Empty(), SampleExplanation.Many(3),
            SampleExplanation.Rich() with { Load = new(90_000, SampleExplanation.At(0), 7, true) },
        };
        return
        [
            .. fixedWords,
            .. Enum.GetValues<Behaviour>().SelectMany(behaviour => new[] { language.Name(behaviour), language.Describe(behaviour) }),
            .. Enum.GetValues<Cause>().SelectMany(cause => new[] { language.Name(cause), language.WhyAgain(cause) }),
            .. Enum.GetValues<Verdict>().Select(language.Name),
            .. Enum.GetValues<ClueKind>().Select(kind => language.Say(new Clue(kind, 3))),
            .. Enum.GetValues<Cause>().SelectMany(cause => Enum.GetValues<Verdict>().SelectMany(verdict =>
                new[] { 0.9, 0.7, 0.5, 0.1 }.SelectMany(confidence => new[] { language.Explain(Client(cause, confidence, verdict)), language.Advise(Client(cause, confidence, verdict)) }))),
            .. explanations.SelectMany(explanation => language.Summarise(new Overview(explanation)).SelectMany(answer => answer.Items.Append(answer.Question).Append(answer.Text))),
            .. explanations.SelectMany(explanation => explanation.Campaigns).Select(language.Say),
            .. explanations.Select(language.SayInput),
            language.SayOrdinary(2, 3), language.SayMore(3, 9), language.SayColumn(TimeSpan.FromHours(1)),
        ];
    }

    private static ClientFinding Client(Cause cause, double confidence, Verdict verdict) => SampleExplanation.Client(
        "192.0.2.1", 3, cause, confidence, verdict, [(Behaviour.LoneDot, 3)],
        clues: [new(ClueKind.TextNotLogged, 2)], others: [new(Cause.SpamBot, 0.2, [])]);

    private static void Distinct(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        all.ShouldAllBe(text => !string.IsNullOrWhiteSpace(text));
        all.ShouldBeUnique(StringComparer.Ordinal);
    }

    [GeneratedRegex("[\u3041-\u30FF\u4E00-\u9FFF]", RegexOptions.None, 10_000)]
    private static partial Regex JapaneseCharacter();

    [GeneratedRegex("[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}", RegexOptions.None, 10_000)]
    private static partial Regex EnglishWords();
}
