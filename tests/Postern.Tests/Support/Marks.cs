using Postern.Facts;

namespace Postern.Tests.Support;

/// <summary>Sessions as short as they are kept, for what judges many of them.</summary>
internal static class Marks
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>So many seconds after a fixed time.</summary>
    public static LogTime At(double seconds) => LogTime.From(s_start.AddSeconds(seconds));

    /// <summary>A session that showed these.</summary>
    public static SessionMark Of(double seconds, params Behaviour[] behaviours) =>
        new(At(seconds), BehaviourSet.Of(behaviours), SessionTraits.None);

    /// <summary>So many sessions alike, one every so many seconds.</summary>
    public static SessionMark[] Many(int count, double pause, params Behaviour[] behaviours) =>
        [.. Enumerable.Range(0, count).Select(i => Of(i * pause, behaviours))];
}
