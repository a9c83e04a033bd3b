namespace Postern.Cli.Sharing;

/// <summary>
/// The clock of the server, as this host knows it: read now and then, and counted on by a clock that nobody sets. What a host's own clock says,
/// even where somebody sets it meanwhile, changes the end of no ban.
/// </summary>
/// <param name="time">This host's clock.</param>
internal sealed class ServerClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _server;
    private long _read;

    /// <summary>True once the server's clock has been read.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The server's time, in milliseconds since 1970; this host's until it has been read.</summary>
    public long Now
    {
        get
        {
            lock (_lock)
            {
                return IsKnown ? _server + (long)time.GetElapsedTime(_read).TotalMilliseconds : time.GetUtcNow().ToUnixTimeMilliseconds();
            }
        }
    }

    /// <summary>How far the server's clock is ahead of this host's, in milliseconds.</summary>
    public long Ahead => Now - time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a reading.</summary>
    /// <param name="server">The server's clock.</param>
    /// <param name="asked">When it was asked, a timestamp of this host's.</param>
    public void Set(long server, long asked)
    {
        lock (_lock)
        {
            // It was read somewhere between the question and the answer.
            var half = time.GetElapsedTime(asked) / 2;
            (_server, _read, IsKnown) = (server + (long)half.TotalMilliseconds, time.GetTimestamp(), true);
        }
    }

    /// <summary>A time of this host's as one of the server's.</summary>
    public long ToServer(DateTimeOffset local) => local.ToUnixTimeMilliseconds() + Ahead;

    /// <summary>A time of the server's as one of this host's.</summary>
    public DateTimeOffset ToLocal(long server)
    {
        var left = server - Now;
        return left >= (DateTimeOffset.MaxValue - time.GetUtcNow()).TotalMilliseconds ? DateTimeOffset.MaxValue : time.GetUtcNow().AddMilliseconds(left);
    }
}
