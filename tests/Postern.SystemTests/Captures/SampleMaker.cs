using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>Makes samples/mail.log and samples/notices.mbox; run by samples/make-samples, never by `./test`.</summary>
public sealed class SampleMaker
{
    // Enough to show every kind of knocking, and small enough to read.
    private static readonly Actor[] s_cast =
    [
        Abusers.LoneDots, Abusers.LoneDotsV6, Abusers.SingleDot, Abusers.SendsBlankLines(10), Abusers.TalksEarly(3), Abusers.HangsUp,
        Abusers.Ssh, Abusers.PutsWordsInTheLog,
        Scanners.NmapVersion, Scanners.NmapScripts, Scanners.Testssl, Scanners.Hydra, Scanners.CurlHttp, Scanners.CurlHttps,
        Scanners.SwaksRelay, Scanners.AuthBeforeTls,
        Senders.Ordinary, Senders.WithTypo, Senders.User, Senders.OrdinaryV6, Senders.GoesOnAfterRefusal,
        Senders.DotAfterRefusal, Senders.DistrustsCertificate, Senders.Monitor, Senders.PortCheck, Senders.Listed, Senders.ForgesHelo,
    ];

    [Fact(Explicit = true)]
    public async Task Make()
    {
        Machine.RequireLaboratory();
        var folder = Environment.GetEnvironmentVariable("POSTERN_SAMPLES") ?? Path.Combine(Machine.RepositoryRoot(), "samples");
        using var capture = await Capture.TakeAsync(PostfixSettings.Current, s_cast, TestContext.Current.CancellationToken);
        File.Copy(capture.Log, Path.Combine(folder, "mail.log"), overwrite: true);
        File.Copy(capture.Notices, Path.Combine(folder, "notices.mbox"), overwrite: true);
        var bytes = new FileInfo(capture.Log).Length + new FileInfo(capture.Notices).Length;
        bytes.ShouldBeLessThan(160_000);
    }
}
