using Postern.SystemTests.Captures;
using Postern.SystemTests.Support;

[assembly: AssemblyFixture(typeof(CaptureLibrary))]

namespace Postern.SystemTests.Captures;

/// <summary>The captures, each made when a test first asks for it and shared by all tests after it.</summary>
public sealed class CaptureLibrary : IAsyncDisposable
{
    private readonly Lazy<Task<Capture>> _current = Take(PostfixSettings.Current, [.. Abusers.All, .. Scanners.All, .. Senders.All]);
    private readonly Lazy<Task<Capture>> _olderReply = Take(PostfixSettings.OlderReply, [.. Abusers.All, .. Scanners.All, .. Senders.All]);
    private readonly Lazy<Task<Capture>> _postscreen = Take(PostfixSettings.BehindPostscreen, [.. Abusers.All, .. Scanners.All, .. Senders.All]);
    private readonly Lazy<Task<Capture>> _noBareNewlines = Take(PostfixSettings.NoBareNewlines,
        [Abusers.Smuggler, Abusers.BareLineFeeds, Scanners.CurlHttps, Scanners.OpensslPlain, Senders.Ordinary]);

    /// <summary>The capture of that set-up; skips the test where this machine can make none.</summary>
    internal Task<Capture> Get(Setup setup)
    {
        Machine.RequireLaboratory();
        return Capturing(setup).Value;
    }

    /// <summary>What the program says of that client, from the log with or without the notices.</summary>
    internal async Task<ReportedClient> Explain(Setup setup, bool withNotices, Actor actor) =>
        (await (await Get(setup)).ExplainAsync(withNotices)).Client(actor.Address);

    /// <summary>Deletes what was made.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var capture in Enum.GetValues<Setup>().Select(Capturing).Where(capture => capture.IsValueCreated))
        {
            if ((await Task.WhenAny(capture.Value)).IsCompletedSuccessfully)
            {
                (await capture.Value).Dispose();
            }
        }
    }

    private Lazy<Task<Capture>> Capturing(Setup setup) => setup switch
    {
        Setup.Current => _current,
        Setup.OlderReply => _olderReply,
        Setup.Postscreen => _postscreen,
        _ => _noBareNewlines,
    };

    // Not the token of the test that happens to ask first: the capture serves the others too.
    private static Lazy<Task<Capture>> Take(PostfixSettings settings, IReadOnlyList<Actor> cast) =>
        new(() => Capture.TakeAsync(settings, cast, CancellationToken.None));
}

/// <summary>The set-ups of Postfix that are captured.</summary>
public enum Setup
{
    /// <summary>Postfix as it comes.</summary>
    Current,
    /// <summary>The older reply to a lone dot.</summary>
    OlderReply,
    /// <summary>postscreen on port 25.</summary>
    Postscreen,
    /// <summary>Bare line feeds refused; a small cast.</summary>
    NoBareNewlines,
}
