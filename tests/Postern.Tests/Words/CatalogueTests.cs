using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Cli.Commands;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Text;
using Command = System.CommandLine.Command;

namespace Postern.Tests.Words;

/// <summary>Rules that every sentence of both languages keeps.</summary>
public sealed partial class CatalogueTests
{
    // What the phrases of the two languages were, and must not become again.
    private static readonly string[] s_english =
    [
        "knock", "farewell", "the gate", "gatekeeper", "plays a script", "server's make", "lose their time", "Keep an eye", "nearest comes", "cannot be told", "take leave", "took its leave", "hangs up",
        "looks and quits", "fails softly", "nothing published", "record cannot be used", "a name that somebody chose", "line of an access network", "customer line", " mend", "does not tell the truth",
        "of no use", " is no IPv4", "is no address", "stands behind", "hands on to", "bans stand", "not made because of protection", "nobody answers", "for a time", "fault of our own", "somebody who is never banned",
        "of it are all alike, ", "answers rightly", "nothing to repair", "disturbs the log", "door", " wall", "ledger", "in 1 session",
    ];

    private static readonly string[] s_japanese =
    [
        "監視（遮断", "様子見のみ", "配送", "個の接続元", "決まった手順", "中継の試行", "オープンリレーの探索", "可能性として考えられるのは", "同じホストに", "正引きしても元のアドレスに戻", "ホスト名）", "固有の PTR",
        "不具合のある", "弱い不合格", "公開情報", "対象外", "裁", "最大の集中", "ドットのみ", "ドットだけの行", "突然の切断", "挨拶前", "未提供の認証", "エラー過多", "LF のみ", "別のプロトコル", "材料", "自分たち", "種類は隠せない", "相手は何も得られ",
        "応答が良くなる", "時間を失う", "かもしれません", "1 セッションで、",
    ];

    public static TheoryData<string> Tags => ["en", "ja"];

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_sentence_reads_well_with_any_number(string tag)
    {
        var all = CatalogueSentences.Of(Catalogue.For(tag)).ToList();
        all.Count.ShouldBeGreaterThan(200);
        foreach (var (name, text) in all)
        {
            text.Contains("1000", StringComparison.Ordinal).ShouldBeFalse($"{name}: thousands are not apart: {text}");
            if (tag is "en")
            {
                PluralOfOne().IsMatch(text).ShouldBeFalse($"{name}: {text}");
            }
            else
            {
                HalfWidth().IsMatch(Uncommanded(text)).ShouldBeFalse($"{name}: half-width parentheses: {text}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void No_sentence_holds_a_phrase_that_was_given_up(string tag)
    {
        var forbidden = tag is "en" ? s_english : s_japanese;
        foreach (var (name, text) in CatalogueSentences.Of(Catalogue.For(tag)).Concat(Reports(tag)).Concat(Pages(tag)))
        {
            forbidden.FirstOrDefault(phrase => text.Contains(phrase, StringComparison.Ordinal)).ShouldBeNull($"{name}: {text}");
        }
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_line_breaks_neither_in_a_word_of_katakana_nor_before_a_unit(string tag)
    {
        foreach (var (name, text) in CatalogueSentences.Of(Catalogue.For(tag)).Concat(Reports(tag)))
        {
            var lines = LineBreaker.Lines(text, TextStyle.WidestLine, TextStyle.WidestLine).ToList();
            lines.ShouldAllBe(line => Cells.Of(line) <= TextStyle.WidestLine);
            foreach (var (before, after) in lines.Zip(lines.Skip(1)))
            {
                (IsKatakana(before[^1]) && IsKatakana(after[0])).ShouldBeFalse($"{name}: {before}|{after}");
                (char.IsAsciiDigit(before[^1]) && Cells.IsWide(new Rune(after[0])) && tag is "ja").ShouldBeFalse($"{name}: {before}|{after}");
            }
        }
    }

    [Fact]
    public void Japanese_is_Japanese_and_English_is_not()
    {
        foreach (var (name, text) in CatalogueSentences.Of(Catalogue.For("en")))
        {
            text.EnumerateRunes().Any(Cells.IsWide).ShouldBeFalse($"{name}: {text}");
        }

        foreach (var (name, text) in CatalogueSentences.Of(Catalogue.For("ja")).Where(one => one.Text.Length > 24))
        {
            text.EnumerateRunes().Any(Cells.IsWide).ShouldBeTrue($"{name}: {text}");
        }
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_command_has_its_page(string tag)
    {
        var wording = Wording.Choose(["--lang", tag], static _ => null);
        var page = new HelpPage(wording.People.Help);
        foreach (var command in All(PosternCommand.Create(wording)))
        {
            var path = HelpPage.PathOf(command);
            var help = wording.People.Help.Of(path);
            help.Summary.ShouldNotBeEmpty();
            help.Uses.Count.ShouldBeInRange(1, 3, path);
            // What is told of an option that is not there is told to nobody.
            help.Details.Keys.Order(StringComparer.Ordinal).ShouldBe(
                command.Arguments.Select(argument => argument.Name).Concat(HelpPage.Options(command).Select(option => option.Name)).Order(StringComparer.Ordinal), path);
            page.Text(command).Split('\n').ShouldAllBe(line => Cells.Of(line) <= TextStyle.WidestLine, path);
        }
    }

    [Theory]
    [InlineData("ja", "en", "--lang", "ja")]
    [InlineData("ja", "en", "--lang=ja")]
    [InlineData("en", "en")]
    [InlineData("en", "en", "--lang", "fr")]
    public void The_language_is_the_one_asked_for_and_scripts_get_English_else(string people, string others, params string[] arguments)
    {
        Wording.Choose(arguments, static _ => null).People.Tag.ShouldBe(people);
        Wording.Choose(arguments, static _ => null).Scripts.Tag.ShouldBe(people);
        var japanese = Wording.Choose([], static name => name is "LC_ALL" ? "ja_JP.UTF-8" : null);
        (japanese.People.Tag, japanese.Scripts.Tag).ShouldBe(("ja", others));
    }

    [Theory]
    [InlineData("192.0.2.1.example is a generic (dynamic or residential) PTR name (it contains the address, and the word 'dsl')", "192.0.2.1.example は一般利用者向け回線の名前です（IP アドレスを含む、「dsl」という語を含む）")]
    [InlineData("mx.example.org resolves to the client", "mx.example.org を正引きすると接続元に一致")]
    [InlineData("a sentence that nobody translated", null)]
    public void The_details_of_a_test_are_told_in_Japanese(string english, string? japanese) => EvidenceDetails.Japanese(english).ShouldBe(japanese);

    private static IEnumerable<Command> All(Command command) => [command, .. command.Subcommands.SelectMany(All)];

    private static IEnumerable<(string, string)> Pages(string tag)
    {
        var wording = Wording.Choose(["--lang", tag], static _ => null);
        return All(PosternCommand.Create(wording)).Select(command => ("help " + HelpPage.PathOf(command), new HelpPage(wording.People.Help).Text(command)));
    }

    private static IEnumerable<(string Name, string Text)> Reports(string tag)
    {
        var language = ReportLanguages.For(tag);
        foreach (var word in typeof(ReportWords).GetProperties())
        {
            yield return (word.Name, (string)word.GetValue(language.Words)!);
        }

        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            yield return ($"{behaviour}", language.Name(behaviour) + "\u3000" + language.Describe(behaviour));
        }

        foreach (var cause in Enum.GetValues<Cause>())
        {
            yield return ($"{cause}", language.Name(cause) + "\u3000" + language.WhyAgain(cause));
        }

        foreach (var kind in Enum.GetValues<ClueKind>())
        {
            foreach (var number in (int[])[0, 1, 2, 1000])
            {
                yield return ($"{kind}({number.ToString(CultureInfo.InvariantCulture)})", language.Say(new Clue(kind, number)));
            }
        }

        foreach (var trouble in Enum.GetValues<TroubleKind>())
        {
            yield return ($"{trouble}", language.Name(trouble) + "\u3000" + language.Advise(trouble));
        }
    }

    private static bool IsKatakana(char letter) => letter is >= '\u30A1' and <= '\u30FF';

    // Configuration, commands and expressions are quoted as they are.
    private static string Uncommanded(string text) => Quoted().Replace(text, "");

    [GeneratedRegex(@"(?<![\d,./=])1 (?:(?:missed|banned|abusive|active|new) )?[a-z]{3,}(?<!addres|acces|les|thi|pas|i)s\b(?! not)", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex PluralOfOne();

    [GeneratedRegex("[()]", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex HalfWidth();

    [GeneratedRegex("「[^」]*」", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Quoted();
}
