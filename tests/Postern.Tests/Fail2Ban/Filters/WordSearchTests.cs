using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Postern.Fail2Ban.Filters;

namespace Postern.Tests.Fail2Ban.Filters;

/// <summary>The search for words finds what a plain search finds, wherever a word lies in the text.</summary>
public sealed class WordSearchTests
{
    private static readonly string[] s_words = ["warning", "reject", "auth", "after", "limit", "length", "pregreet", "hangup", "errors", "a_1", "sasl", "authentication"];

    [Property(MaxTest = 2000)]
    public Property It_finds_what_a_plain_search_finds() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        var expected = s_words.Select(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        return new WordSearch(s_words).IndexOf(Encoding.ASCII.GetBytes(text)) == expected;
    });

    [Fact]
    public void Words_at_every_place_of_a_block_are_found()
    {
        foreach (var word in new[] { "SaS", "SaSl", "SaSl_Auth", "SaSl_Authentication" })
        {
            var search = new WordSearch([word, "other"]);
            for (var length = word.Length; length < 80; length++)
            {
                for (var at = 0; at + word.Length <= length; at++)
                {
                    search.IndexOf(Encoding.ASCII.GetBytes(new string('s', at) + word + new string('x', length - at - word.Length))).ShouldBe(at);
                }
            }

            search.IndexOf(Encoding.ASCII.GetBytes(word[..^1])).ShouldBe(-1);
            search.IndexOf(""u8).ShouldBe(-1);
        }
    }

    [Property(MaxTest = 2000)]
    public Property The_marks_of_all_words_in_a_text_are_added() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        // Two numbers a word, with a bit of its own in one of them.
        var marks = s_words.SelectMany((_, i) => i % 2 == 0 ? new[] { 1UL << i, 0UL } : [0UL, 1UL << i]).ToArray();
        var found = new ulong[2];
        new WordSearch(s_words).Mark(Encoding.ASCII.GetBytes(text), marks, found);
        var expected = s_words.Select((word, i) => (Stands: text.Contains(word, StringComparison.OrdinalIgnoreCase), Number: i)).Where(word => word.Stands).ToArray();
        return found[0] == expected.Where(word => word.Number % 2 == 0).Aggregate(0UL, (all, word) => all | (1UL << word.Number))
            && found[1] == expected.Where(word => word.Number % 2 == 1).Aggregate(0UL, (all, word) => all | (1UL << word.Number));
    });

    private static Gen<string> Texts()
    {
        var parts = Gen.OneOf(
            Gen.Elements(s_words), Gen.Elements(s_words).Select(word => word[..^1]), Gen.Elements(s_words).Select(word => word.ToUpperInvariant()),
            Gen.Elements(" ", "x", "a", "autx", "warnin", "@", "[", "{", "_", "A_1", "reJECT", "0123456789abcdef"));
        return parts.ListOf().Select(all => string.Concat(all));
    }
}
