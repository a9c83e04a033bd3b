using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// Counts the forms of lines that are not known, in bounded memory: beyond a number of forms, new ones are left out; and beyond a
/// number of lines since the last <see cref="Clear"/>, only each sixteenth is looked at and counts for as many.
/// </summary>
internal sealed class UnknownForms
{
    private const int MostForms = 512;
    private const int MostInFull = 256;
    private const int Sample = 16;

    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private long _seen;

    /// <summary>Nothing counted yet.</summary>
    public UnknownForms() => _lookup = _lines.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Takes a line.</summary>
    public void Add(PostfixDaemon daemon, ReadOnlySpan<byte> message)
    {
        _seen++;
        if (_seen > MostInFull && _seen % Sample != 0)
        {
            return;
        }

        // The daemon stands before the form, as one character, so that one look finds both.
        Span<char> key = stackalloc char[1 + FormWriter.Longest];
        key[0] = (char)daemon;
        var length = FormWriter.Write(message, key[1..]);
        Count(key[..(1 + length)], _seen > MostInFull ? Sample : 1);
    }

    /// <summary>Takes all that another has counted.</summary>
    public void Add(UnknownForms other)
    {
        foreach (var (key, lines) in other._lines)
        {
            Count(key, lines);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _lines.Clear();
        _seen = 0;
    }

    /// <summary>The commonest, at most that many; of equals the first by daemon and form.</summary>
    public IReadOnlyList<UnknownForm> Top(int most) =>
        [.. _lines.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(most)
            .Select(pair => new UnknownForm(Name((PostfixDaemon)pair.Key[0]), pair.Key[1..], pair.Value))];

    private void Count(ReadOnlySpan<char> key, long lines)
    {
        if (_lookup.TryGetValue(key, out var before))
        {
            _lookup[key] = before + lines;
        }
        else if (_lines.Count < MostForms)
        {
            _lookup[key] = lines;
        }
    }

    private static string Name(PostfixDaemon daemon) => daemon switch
    {
        PostfixDaemon.Smtpd => "smtpd",
        PostfixDaemon.Postscreen => "postscreen",
        PostfixDaemon.Tlsproxy => "tlsproxy",
        PostfixDaemon.Anvil => "anvil",
        PostfixDaemon.Cleanup => "cleanup",
        PostfixDaemon.Dnsblog => "dnsblog",
        PostfixDaemon.TrivialRewrite => "trivial-rewrite",
        _ => "postfix",
    };
}
