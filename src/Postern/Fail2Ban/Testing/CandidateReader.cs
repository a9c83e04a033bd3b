using System.Buffers;
using System.Text;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Testing;

/// <summary>A line that a filter may match.</summary>
internal readonly record struct Candidate(long Number, string Text);

/// <summary>The lines of a part of a log that a filter may match.</summary>
/// <param name="Total">All lines of the part.</param>
/// <param name="Lines">The candidates, in their order.</param>
internal sealed record CandidateBlock(long Total, IReadOnlyList<Candidate> Lines);

/// <summary>Reads a log and picks the lines that a filter may match, by the words of its prefilter; only these become text.</summary>
internal sealed class CandidateReader(LinePrefilter prefilter, bool all)
{
    private const int SampleLength = 256 * 1024;

    // Lead bytes of the letters that are another case of ASCII's: U+0130, U+0131, U+017F, U+212A.
    private static readonly SearchValues<byte> s_otherCases = SearchValues.Create([0xC4, 0xC5, 0xE2]);

    /// <summary>The parts of a log.</summary>
    public IEnumerable<CandidateBlock> Read(LogBlocks blocks)
    {
        WordSearch? words = null;
        var isFirst = true;
        long number = 0;
        foreach (var block in blocks.Read())
        {
            if (isFirst && !all && prefilter.IsUseful)
            {
                var sample = block.Span[..Math.Min(block.Length, SampleLength)];
                words = new WordSearch(prefilter.Tuned(Encoding.Latin1.GetString(sample)).Words);
            }

            isFirst = false;
            yield return Pick(block.Span, words, ref number);
        }
    }

    private static CandidateBlock Pick(ReadOnlySpan<byte> text, WordSearch? words, ref long number)
    {
        var lines = new List<Candidate>();
        var total = LineCount.Of(text);
        var hasOthers = words is not null && text.IndexOfAny(s_otherCases) >= 0;
        while (!text.IsEmpty)
        {
            if (words is not null)
            {
                var word = words.IndexOf(text);
                if (hasOthers && (word < 0 ? text : text[..word]).IndexOfAny(s_otherCases) is var other and >= 0)
                    word = other;
                var start = word < 0 ? text.Length : text[..word].LastIndexOf((byte)'\n') + 1;
                number += text[..start].Count((byte)'\n');
                text = text[start..];
                if (text.IsEmpty)
                    break;
            }

            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            number++;
            if (!line.IsEmpty && line[0] != '#')
                lines.Add(new Candidate(number, Encoding.UTF8.GetString(line)));
        }

        return new CandidateBlock(total, lines);
    }
}
