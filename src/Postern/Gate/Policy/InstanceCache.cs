using Postern.Facts;

namespace Postern.Gate.Policy;

/// <summary>
/// What was answered about a message so far. Postfix asks once a recipient, and for all of them the message shall get one
/// header and a refused client the same answer. Bounded: when full, the oldest are forgotten.
/// </summary>
internal sealed class InstanceCache(TimeProvider time)
{
    private const int Most = 10_000;
    private const int LongestName = 256;
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(10);

    private readonly BoundedCache<string, Page> _pages = new(Most, StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The decision on this message and question; null where there is none yet.</summary>
    public GateDecision? Find(string instance, GateQuestion question)
    {
        lock (_lock)
        {
            return Fresh(instance) is { } page && Matches(page, question) ? page.Decision : null;
        }
    }

    /// <summary>Keeps a decision.</summary>
    public void Keep(string instance, GateQuestion question, GateDecision decision)
    {
        if (instance.Length is 0 or > LongestName)
        {
            return;
        }

        lock (_lock)
        {
            var hasHeader = Fresh(instance)?.HasHeader ?? false;
            _pages.Set(instance, new(question.Client, question.Helo, question.Sender, decision, time.GetTimestamp(), hasHeader));
        }
    }

    /// <summary>True for the first who asks: the message needs its header still. A message without an instance gets one each time.</summary>
    public bool TakeHeader(string instance)
    {
        lock (_lock)
        {
            if (Fresh(instance) is not { } page)
            {
                return true;
            }

            _pages.Set(instance, page with { HasHeader = true });
            return !page.HasHeader;
        }
    }

    private Page? Fresh(string instance) => _pages.TryGet(instance, out var page) && time.GetElapsedTime(page.At) < s_life ? page : null;

    private static bool Matches(Page page, GateQuestion question) =>
        page.Client == question.Client && string.Equals(page.Helo, question.Helo, StringComparison.Ordinal) && string.Equals(page.Sender, question.Sender, StringComparison.Ordinal);

    private sealed record Page(ClientAddress Client, string? Helo, string? Sender, GateDecision Decision, long At, bool HasHeader);
}
