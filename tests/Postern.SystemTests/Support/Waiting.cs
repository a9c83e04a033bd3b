namespace Postern.SystemTests.Support;

/// <summary>Waits for what others bring about.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when something is so; fails after a while.</summary>
    /// <param name="isSo">Asked again and again.</param>
    /// <param name="patience">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="shown">What to show where it never was; null for nothing.</param>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan patience, CancellationToken cancellationToken, Func<string>? shown = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            (TimeProvider.System.GetElapsedTime(started) < patience).ShouldBeTrue(shown?.Invoke());
            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
