using System.Globalization;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Dates;

/// <summary>How the text of a date is read.</summary>
internal enum DateKind : byte
{
    /// <summary>By the fields of a pattern.</summary>
    Fields,
    /// <summary>Seconds since 1970, with an optional fraction.</summary>
    Epoch,
    /// <summary>The same, or milliseconds or microseconds by the number of digits.</summary>
    LongEpoch,
    /// <summary>The external format TAI64N.</summary>
    Tai64N,
}

/// <summary>One form of dates.</summary>
internal sealed class DateTemplate
{
    private readonly Dictionary<char, int> _fields = [];
    private readonly int _valueGroup;

    /// <summary>A form by its expression.</summary>
    public DateTemplate(string name, string? pattern, PythonPattern regex, DateBounds bounds, DateKind kind, int valueGroup = 1, double weight = 1)
    {
        Name = name;
        Pattern = pattern;
        Regex = regex;
        Bounds = bounds;
        Kind = kind;
        Weight = weight;
        _valueGroup = valueGroup;
        Plain = PlainDate.FormOf(pattern);
        foreach (var (group, number) in regex.GroupNames)
        {
            if (group.Length == 1)
            {
                _fields[group[0]] = number;
            }
        }
    }

    /// <summary>What it is called; no two of a detector have the same name.</summary>
    public string Name { get; }

    /// <summary>The pattern with its tokens; null for the forms that are none.</summary>
    public string? Pattern { get; }

    /// <summary>What finds it in a line.</summary>
    public PythonPattern Regex { get; }

    /// <summary>Where it may stand.</summary>
    public DateBounds Bounds { get; }

    /// <summary>How it is read.</summary>
    public DateKind Kind { get; }

    /// <summary>The form in which most of its dates are read without the expression.</summary>
    public PlainForm Plain { get; }

    /// <summary>How much a hit counts where forms are sorted.</summary>
    public double Weight { get; }

    /// <summary>Whether it is bound to an end of the line.</summary>
    public bool IsAnchored => (Bounds & (DateBounds.LineBegin | DateBounds.LineEnd)) != DateBounds.None;

    /// <summary>Whether what it cuts out is the start of the line, but for two characters that are no part of a word.</summary>
    public bool BeginsWithCut => Regex.Text.Replace("(?iu)", "", StringComparison.Ordinal) is var text
        && (text.StartsWith(@"^(?:\W{0,2})?(", StringComparison.Ordinal) || (text.StartsWith("^(", StringComparison.Ordinal) && !text.StartsWith("^(?", StringComparison.Ordinal)));

    /// <summary>Whether it cuts nothing out.</summary>
    public bool CutsNothing => CutEnd.IsEmpty(Regex.Tree);

    /// <summary>Whether what stands before the text that it cuts out never ends in a word character.</summary>
    public bool CutFollowsNoWord => CutEnd.FollowsNoWord(Regex.Tree);

    /// <summary>Whether what it cuts out always ends in a word character.</summary>
    public bool CutEndsInWord => CutEnd.IsWord(Regex.Tree);

    /// <summary>The same form with another weight.</summary>
    public DateTemplate WithWeight(double weight) => new(Name, Pattern, Regex, Bounds, Kind, _valueGroup, weight);

    /// <summary>The time of the match that the scratch holds, in seconds since 1970; null where it is no date.</summary>
    public double? Read(ReadOnlySpan<char> line, MatchScratch scratch, DateClock clock, int? defaultOffset)
    {
        if (Kind == DateKind.Fields)
        {
            var texts = new Dictionary<char, string>(_fields.Count);
            foreach (var (name, number) in _fields)
            {
                if (scratch.Text(line, number) is { } text)
                {
                    texts[name] = text;
                }
            }

            return DateFields.ToUnix(name => texts.GetValueOrDefault(name), clock, defaultOffset);
        }

        if (scratch.Text(line, _valueGroup) is not { } value)
        {
            return null;
        }

        if (Kind == DateKind.Tai64N)
        {
            return value.Length >= 17 && long.TryParse(value.AsSpan(2, 15), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        }

        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number1))
        {
            return null;
        }

        if (Kind == DateKind.LongEpoch && value.Length >= 13)
        {
            return value.Length >= 16 && !value.Contains('.', StringComparison.Ordinal) ? number1 / 1_000_000 : number1 / 1000;
        }

        return number1;
    }
}
