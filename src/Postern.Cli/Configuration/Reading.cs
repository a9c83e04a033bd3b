using System.Text;

namespace Postern.Cli.Configuration;

/// <summary>One value while it is read: what it must be, and the complaint where it is not.</summary>
/// <param name="value">The value.</param>
/// <param name="path">The whole key.</param>
/// <param name="takes">What the key takes, for the fix.</param>
/// <param name="context">Where mistakes and places go.</param>
internal sealed class Reading(ConfigValue value, string path, string takes, ReadingContext context)
{
    /// <summary>The whole key.</summary>
    public string Path => path;

    /// <summary>The line.</summary>
    public int Line => value.Line;

    /// <summary>Where mistakes and places go.</summary>
    public ReadingContext Context => context;

    /// <summary>A mistake of this value.</summary>
    public void Complain(Sentence message, Sentence? fix = null) => context.Mistakes.Add(value.Line, path, message, fix ?? $"it takes {(Sentence)takes}");

    /// <summary>A text that is not empty.</summary>
    public bool TryText(out string text)
    {
        text = (value as ConfigText)?.Text ?? "";
        if (value is not ConfigText)
        {
            return WrongType();
        }

        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) || Refuse("is empty, or holds a NUL");
    }

    /// <summary>One of these words.</summary>
    public bool TryWord(IReadOnlyList<string> words, out string word)
    {
        if (!TryText(out word))
        {
            return false;
        }

        if (words.Contains(word, StringComparer.Ordinal))
        {
            return true;
        }

        var nearest = NearestName.Of(word, words);
        Complain($"'{word}' is not known", NearestName.Suggest(nearest));
        return false;
    }

    /// <summary>An absolute path.</summary>
    public bool TryPath(out string file)
    {
        if (!TryText(out file))
        {
            return false;
        }

        if (file[0] == '/')
        {
            return true;
        }

        Complain($"'{file}' is no absolute path", "write it from the root, beginning with /");
        return false;
    }

    /// <summary>The path of a Unix socket: its length is bounded by the system (unix(7): 108 bytes with the final NUL).</summary>
    public bool TrySocketPath(out string file)
    {
        if (!TryPath(out file))
        {
            return false;
        }

        if (Encoding.UTF8.GetByteCount(file) <= 107)
        {
            return true;
        }

        Complain("is longer than the 107 bytes that a socket's path may have", "choose a shorter path");
        return false;
    }

    /// <summary>True or false.</summary>
    public bool TryFlag(out bool flag)
    {
        flag = value is ConfigFlag { Flag: true };
        return value is ConfigFlag || WrongType();
    }

    /// <summary>A number within bounds.</summary>
    public bool TryNumber(double least, double most, out double number)
    {
        number = (value as ConfigNumber)?.Number ?? 0;
        if (value is not ConfigNumber)
        {
            return WrongType();
        }

        return number >= least && number <= most || Refuse($"{number} is out of range");
    }

    /// <summary>A whole number within bounds.</summary>
    public bool TryWhole(int least, int most, out int number)
    {
        number = 0;
        if (value is not ConfigNumber { IsWhole: true } whole)
        {
            return WrongType();
        }

        if (whole.Number < least || whole.Number > most)
        {
            return Refuse($"{whole.Number} is out of range");
        }

        number = (int)whole.Number;
        return true;
    }

    /// <summary>A span of time within bounds: a text such as <c>10m</c>, or seconds.</summary>
    public bool TryDuration(TimeSpan least, TimeSpan most, out TimeSpan span)
    {
        span = default;
        switch (value)
        {
            case ConfigNumber { Number: var seconds }:
                if (!(seconds >= 0 && seconds <= 1e10))
                {
                    return Refuse("is out of range");
                }

                span = TimeSpan.FromSeconds(seconds);
                break;
            case ConfigText { Text: var text }:
                if (!DurationText.TryParse(text, out span))
                {
                    return Refuse($"'{text}' is no span of time");
                }

                break;
            default:
                return WrongType();
        }

        return span >= least && span <= most || Refuse($"{DurationText.Of(span)} is out of range");
    }

    /// <summary>A list; a single value counts as a list of one where that is allowed.</summary>
    public bool TryItems(bool orSingle, out IReadOnlyList<Reading> items)
    {
        items = [];
        if (value is ConfigList list)
        {
            items = [.. list.Items.Select((item, i) => new Reading(item, path, takes, context))];
        }
        else if (orSingle)
        {
            items = [this];
        }
        else
        {
            return WrongType();
        }

        return true;
    }

    /// <summary>A list of texts.</summary>
    public bool TryTexts(bool orSingle, out IReadOnlyList<string> texts)
    {
        texts = [];
        if (!TryItems(orSingle, out var items))
        {
            return false;
        }

        var read = new List<string>();
        var isSound = true;
        foreach (var item in items)
        {
            isSound &= item.TryText(out var text);
            read.Add(text);
        }

        texts = read;
        return isSound;
    }

    /// <summary>A table.</summary>
    public bool TryTable(out ConfigTable table)
    {
        table = value as ConfigTable ?? new ConfigTable(value.Line);
        return value is ConfigTable || WrongType();
    }

    private bool WrongType() => Refuse($"cannot be {(Sentence)value.Kind}");

    private bool Refuse(Sentence message)
    {
        Complain(message);
        return false;
    }
}

/// <summary>What all readings of one file share.</summary>
/// <param name="Mistakes">Where mistakes go.</param>
internal sealed record ReadingContext(ConfigMistakes Mistakes)
{
    /// <summary>The line of every key that was read, by its whole name; of a repeated one the last.</summary>
    public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);
}
