using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Postern.Fail2Ban.Testing;

namespace Postern.Tests.Fail2Ban.Testing;

/// <summary>The search for words finds what a plain search finds, wherever a word lies in the text.</summary>
public sealed class WordSearchTests
{
    private static readonly string[] s_words = ["warning", "reject", "auth", "after", "limit", "length", "pregreet", "hangup", "errors", "a_1", "sasl"];

    [Property(MaxTest = 2000)]
    public Property It_finds_what_a_plain_search_finds() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        var expected = s_words.Select(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        return new WordSearch(s_words).IndexOf(Encoding.ASCII.GetBytes(text)) == expected;
    });

    [Fact]
    public void Words_at_every_place_of_a_block_are_found()
    {
        var search = new WordSearch(["sasl"]);
        for (var length = 4; length < 80; length++)
        {
            for (var at = 0; at + 4 <= length; at++)
                search.IndexOf(Encoding.ASCII.GetBytes(new string('s', at) + "SaSl" + new string('x', length - at - 4))).ShouldBe(at);
        }

        search.IndexOf("sas"u8).ShouldBe(-1);
        search.IndexOf(""u8).ShouldBe(-1);
    }

    [Property(MaxTest = 2000)]
    public Property Lines_are_counted_without_empty_ones_and_comments() => Prop.ForAll(
        Gen.Elements("\n", "\n", "\r\n", "#", "# x\n", "line\n", "\r", "a longer line that fills more than one vector\n", "x").ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        text =>
        {
            var lines = text.Split('\n');
            var expected = lines.Take(text.EndsWith('\n') ? lines.Length - 1 : lines.Length).Count(line => line.TrimEnd('\r') is { Length: > 0 } some && some[0] != '#');
            return LineCount.Of(Encoding.UTF8.GetBytes(text)) == expected;
        });

    private static Gen<string> Texts()
    {
        var parts = Gen.OneOf(
            Gen.Elements(s_words), Gen.Elements(s_words).Select(word => word[..^1]), Gen.Elements(s_words).Select(word => word.ToUpperInvariant()),
            Gen.Elements(" ", "x", "a", "autx", "warnin", "@", "[", "{", "_", "A_1", "reJECT", "0123456789abcdef"));
        return parts.ListOf().Select(all => string.Concat(all));
    }
}
