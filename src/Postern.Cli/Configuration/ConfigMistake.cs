using System.Globalization;

namespace Postern.Cli.Configuration;

/// <summary>One mistake of a configuration file, with what to do about it.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1; 0 where it is of the file as a whole.</param>
/// <param name="Key">The whole key, <c>jail.findtime</c>; empty where there is none.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to write instead; null where that is plain.</param>
internal sealed record ConfigMistake(string File, int Line, string Key, Sentence Message, Sentence? Fix)
{
    /// <summary>One line for the operator: <c>FILE:LINE: KEY: what is wrong; what to do</c>.</summary>
    public override string ToString() => In(static form => form);

    /// <summary>The same line in a language.</summary>
    /// <param name="translate">Gives the form of a sentence in that language for the English one.</param>
    public string In(Func<string, string> translate)
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}") : File;
        return $"{place}: {(Key.Length > 0 ? Key + ": " : "")}{Message.In(translate)}{(Fix is null ? "" : "; " + Fix.In(translate))}";
    }
}

/// <summary>Gathers all mistakes of one file, so that an operator mends them in one go.</summary>
/// <param name="file">The file.</param>
internal sealed class ConfigMistakes(string file)
{
    private readonly List<ConfigMistake> _all = [];

    /// <summary>All of them, by line.</summary>
    public IReadOnlyList<ConfigMistake> All => [.. _all.OrderBy(static mistake => mistake.Line)];

    /// <summary>One more.</summary>
    public void Add(int line, string key, Sentence message, Sentence? fix = null) => _all.Add(new(file, line, key, message, fix));
}
