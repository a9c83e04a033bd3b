using System.Globalization;

namespace Postern.Classification.Clients;

/// <summary>
/// Reasons with how often each was given; the first of them are kept, so that a client cannot make it grow. Reasons that differ
/// only in numbers are one, for filters put an id of the message into theirs.
/// </summary>
internal sealed class ReasonTally
{
    private const int Most = 16;

    /// <summary>No reason; nothing is ever added to it.</summary>
    public static ReasonTally None { get; } = new();


    // Made for the first reason: most of a million clients have none.
    private Dictionary<string, (string Text, int Count)>? _reasons;

    /// <summary>How often any reason was given.</summary>
    public int Total { get; private set; }

    /// <summary>Different reasons, as far as they are kept.</summary>
    public int Count => _reasons?.Count ?? 0;

    /// <summary>Counts a reason.</summary>
    public void Add(string reason) => Add(reason, 1);

    /// <summary>Both together.</summary>
    public ReasonTally With(ReasonTally other)
    {
        var sum = new ReasonTally();
        foreach (var (text, count) in Reasons.Concat(other.Reasons))
        {
            sum.Add(text, count);
        }

        sum.Total = Total + other.Total;
        return sum;
    }

    /// <summary>True where both hold the same reasons as often.</summary>
    public bool IsSame(ReasonTally other) => Total == other.Total && Count == other.Count && Reasons.SequenceEqual(other.Reasons);

    /// <summary>The commonest reasons, each with its own count where there are several: <c>User unknown ×12, Greylisted ×3</c>; null for none.</summary>
    public string? Commonest(int most)
    {
        if (_reasons is null)
        {
            return null;
        }

        if (Count < 2)
        {
            return Reasons.FirstOrDefault().Text;
        }

        return string.Join(", ", Reasons.OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Text, StringComparer.Ordinal).Take(most)
            .Select(reason => string.Create(CultureInfo.InvariantCulture, $"{Shortened(reason.Text)} ×{reason.Count}")));
    }

    private IEnumerable<(string Text, int Count)> Reasons => _reasons?.Values ?? Enumerable.Empty<(string Text, int Count)>();

    private void Add(string reason, int times)
    {
        Total += times;
        var key = WithoutNumbers(reason);
        _reasons ??= new(StringComparer.Ordinal);
        if (_reasons.TryGetValue(key, out var known) || _reasons.Count < Most)
        {
            _reasons[key] = (known.Text ?? reason, known.Count + times);
        }
    }

    private static string Shortened(string reason) => reason.Length <= 60 ? reason : string.Concat(reason.AsSpan(0, 57), "...");

    private static string WithoutNumbers(string reason) =>
        reason.AsSpan().IndexOfAnyInRange('0', '9') < 0 ? reason : string.Concat(reason.Where(c => !char.IsAsciiDigit(c)));
}
