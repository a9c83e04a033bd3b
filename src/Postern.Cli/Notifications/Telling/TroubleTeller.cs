namespace Postern.Cli.Notifications.Telling;

/// <summary>Says once that something does not work, however often it is tried, and once that it works again. Not for two at once.</summary>
/// <param name="say">Told why it does not work, and null when it does again.</param>
internal sealed class TroubleTeller(Action<string?> say)
{
    private bool _isTroubled;

    /// <summary>Takes the outcome of a try.</summary>
    /// <param name="failure">Why it did not work; null where it did.</param>
    public void Note(string? failure)
    {
        if (failure is null == _isTroubled)
        {
            say(failure);
        }

        _isTroubled = failure is not null;
    }
}
