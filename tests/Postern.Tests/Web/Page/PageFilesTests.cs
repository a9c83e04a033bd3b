using System.Text.Json;
using System.Text.RegularExpressions;
using Postern.Facts;
using Postern.Web.Guards;
using Postern.Web.Page;

namespace Postern.Tests.Web.Page;

/// <summary>The files of the page: complete, from here alone, and without a way for a client's text to become markup.</summary>
public sealed partial class PageFilesTests
{
    private static readonly PageFiles s_files = new();

    public static TheoryData<string> Scripts => [.. s_files.Paths.Where(path => path.EndsWith(".js", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_page_and_all_that_it_names_are_there()
    {
        s_files.Find("/")!.Type.ShouldBe("text/html; charset=utf-8");
        foreach (var name in Named().Matches(Read("/index.html")).Select(match => match.Groups["name"].Value).Where(name => !name.StartsWith('#')))
        {
            s_files.Find("/" + name).ShouldNotBeNull(name);
        }

        foreach (var script in s_files.Paths.Where(path => path.StartsWith("/js/", StringComparison.Ordinal)))
        {
            foreach (var name in Imported().Matches(Read(script)).Select(match => match.Groups["name"].Value))
            {
                s_files.Find("/js/" + name).ShouldNotBeNull($"{script}: {name}");
            }
        }

        s_files.Find("/../secrets").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void No_script_makes_markup_or_code_of_text_or_asks_elsewhere(string script)
    {
        var text = Read(script);
        foreach (var forbidden in (string[])["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc", "createContextualFragment", "setHTML", "DOMParser"])
        {
            text.ShouldNotContain(forbidden);
        }

        // uPlot names its home in the comment at its begin.
        (text.StartsWith("/*!", StringComparison.Ordinal) ? text[text.IndexOf("*/", StringComparison.Ordinal)..] : text).ShouldNotContain("://", Case.Sensitive, script);
    }

    [Fact]
    public void No_file_has_scripts_or_styles_within_markup()
    {
        var page = Read("/index.html");
        page.ShouldNotContain("<style");
        page.ShouldNotContain(" style=");
        InlineScript().IsMatch(page).ShouldBeFalse();
        EventAttribute().IsMatch(page).ShouldBeFalse();
        foreach (var word in (string[])["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "require-trusted-types-for 'script'"])
        {
            SecurityHeaders.Policy.ShouldContain(word);
        }

        SecurityHeaders.Policy.ShouldNotContain("unsafe");
    }

    [Fact]
    public void Both_languages_have_the_same_sentences_with_the_same_places()
    {
        var (english, japanese) = (Words("en"), Words("ja"));
        string.Join('\n', japanese.Keys).ShouldBe(string.Join('\n', english.Keys));
        foreach (var (key, sentence) in english)
        {
            sentence.ShouldNotBeNullOrWhiteSpace(key);
            japanese[key].ShouldNotBeNullOrWhiteSpace(key);
            string.Join(' ', Places(japanese[key])).ShouldBe(string.Join(' ', Places(sentence)), key);
        }
    }

    [Fact]
    public void Every_sentence_that_a_script_asks_for_is_there()
    {
        var english = Words("en");
        var asked = s_files.Paths.Where(path => path.StartsWith("/js/", StringComparison.Ordinal)).SelectMany(path => Asked().Matches(Read(path)).Select(match => match.Groups["key"].Value)).Distinct(StringComparer.Ordinal).ToList();
        asked.Count.ShouldBeGreaterThan(80);
        asked.Where(key => !english.ContainsKey(key)).ShouldBeEmpty();
        // What a sentence is made for by its id.
        foreach (var id in Enum.GetNames<Postern.Facts.TestResult>().Select(name => "result." + name.ToLowerInvariant()).Concat(Enum.GetNames<Legitimacy>().Select(name => "verdict." + name.ToLowerInvariant())))
        {
            english.ContainsKey(id).ShouldBeTrue(id);
        }
    }

    private static SortedDictionary<string, string> Words(string language) => JsonSerializer.Deserialize<SortedDictionary<string, string>>(Read($"/words/{language}.json"))!;

    private static string[] Places(string sentence) => [.. Place().Matches(sentence).Select(match => match.Value).Order(StringComparer.Ordinal)];

    private static string Read(string path)
    {
        using var reader = new StreamReader(PageFiles.Open(s_files.Find(path)!));
        return reader.ReadToEnd();
    }

    [GeneratedRegex("(?:src|href)=\"(?<name>[^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("from '\\./(?<name>[^']+)'", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Imported();

    [GeneratedRegex("<script(?![^>]*\\bsrc=)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex("\\son[a-z]+=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EventAttribute();

    [GeneratedRegex("\\bt\\('(?<key>[^']+)'", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asked();

    [GeneratedRegex("\\{[a-z]+\\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Place();
}
