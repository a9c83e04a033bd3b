using System.Globalization;

namespace Postern.Cli.Terminal;

/// <summary>A progress bar on standard error, for long inputs and only where that is a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int Cells = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _shown = -1;

    /// <summary>A bar, or null where nobody sees it.</summary>
    public static ProgressLine? IfTerminal() => Console.IsErrorRedirected ? null : new ProgressLine();

    /// <summary>Shows how much of the input has been read; nothing in the first half second, nor where the length is unknown.</summary>
    public void Show(long done, long length)
    {
        var percent = length > 0 ? (int)Math.Clamp(done * 100 / length, 0, 100) : -1;
        if (percent == _shown || percent < 0 || TimeProvider.System.GetElapsedTime(_started) < s_patience)
        {
            return;
        }

        _shown = percent;
        var full = percent * Cells / 100;
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture, $"\r[{new string('#', full)}{new string('.', Cells - full)}] {percent,3} %"));
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        if (_shown >= 0)
        {
            Console.Error.Write("\r" + new string(' ', Cells + 10) + "\r");
            _shown = -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
