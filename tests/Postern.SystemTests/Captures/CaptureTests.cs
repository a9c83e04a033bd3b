namespace Postern.SystemTests.Captures;

/// <summary>The captures hold what the other tests build on.</summary>
public sealed class CaptureTests(CaptureLibrary captures)
{
    [Theory]
    [InlineData(Setup.Current)]
    [InlineData(Setup.OlderReply)]
    [InlineData(Setup.Postscreen)]
    public async Task Everyone_of_the_cast_has_left_a_trace_in_the_log(Setup setup)
    {
        var log = await ReadLogAsync(setup);
        Actor[] cast = [.. Abusers.All, .. Scanners.All, .. Senders.All];
        cast.Where(actor => !log.Contains($"[{actor.Address}]", StringComparison.Ordinal))
            .Select(actor => $"{actor.Address}: {actor.Does}")
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_session_with_a_lone_dot_has_a_notice_where_the_session_goes_on()
    {
        var capture = await captures.Get(Setup.OlderReply);
        var notices = await File.ReadAllTextAsync(capture.Notices, TestContext.Current.CancellationToken);
        notices.Split($"errors from {Abusers.LoneDots.Host.Name}[{Abusers.LoneDots.Address}]\n").Length.ShouldBe(41);
        Directory.GetFiles(Path.Combine(capture.Maildir, "new")).Length.ShouldBe(notices.Split("\nDelivered-To: ").Length - 1);
    }

    [Fact]
    public async Task The_log_tells_of_a_lone_dot_only_where_postfix_closes_the_door_on_it()
    {
        var line = $"non-SMTP command from {Abusers.LoneDots.Host.Name}[{Abusers.LoneDots.Address}]: .";
        (await ReadLogAsync(Setup.Current)).ShouldContain(line);
        (await ReadLogAsync(Setup.OlderReply)).ShouldNotContain(line);
    }

    [Theory]
    [InlineData(Setup.Current)]
    [InlineData(Setup.OlderReply)]
    [InlineData(Setup.Postscreen)]
    public async Task Genuine_mail_was_accepted(Setup setup)
    {
        var log = await ReadLogAsync(setup);
        foreach (var sender in new[] { Senders.Ordinary, Senders.Busy, Senders.WithTypo, Senders.OrdinaryV6, Senders.User })
        {
            log.ShouldContain($": client={sender.Host.Name}[{sender.Address}]", customMessage: sender.Does);
        }
    }

    private async Task<string> ReadLogAsync(Setup setup) =>
        await File.ReadAllTextAsync((await captures.Get(setup)).Log, TestContext.Current.CancellationToken);
}
