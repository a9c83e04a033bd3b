using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Postern.Cli.Configuration;

/// <summary>
/// A sentence of the configuration's mistakes, in English, that can be told in another language: its form with places for what the
/// file gave, <c>'{0}' is no absolute path</c>, is what a translation is found by. Written as an interpolated string.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Sentence
{
    private readonly StringBuilder _form = new();
    private readonly List<object?> _given = [];

    /// <summary>Called by the compiler for an interpolated string.</summary>
    public Sentence(int literalLength, int formattedCount) => _form.EnsureCapacity(literalLength + (formattedCount * 3));

    /// <summary>The form, with <c>{0}</c> for the first that was given.</summary>
    public string Form => _form.ToString();

    /// <summary>Called by the compiler for what stands between.</summary>
    public void AppendLiteral(string text) => _form.Append(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Called by the compiler for what is given.</summary>
    public void AppendFormatted<T>(T given)
    {
        _form.Append(CultureInfo.InvariantCulture, $"{{{_given.Count}}}");
        _given.Add(given);
    }

    /// <summary>The sentence in a language; a sentence within it, too.</summary>
    /// <param name="translate">Gives the form in that language for the English one.</param>
    public string In(Func<string, string> translate) =>
        string.Format(CultureInfo.InvariantCulture, translate(Form), [.. _given.Select(given => given is Sentence inner ? inner.In(translate) : given)]);

    /// <inheritdoc/>
    public override string ToString() => In(static form => form);

    /// <summary>A sentence without anything given.</summary>
    public static implicit operator Sentence(string text)
    {
        var sentence = new Sentence(text.Length, 0);
        sentence.AppendLiteral(text);
        return sentence;
    }
}
