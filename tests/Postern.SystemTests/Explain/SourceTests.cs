using Postern.SystemTests.Captures;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>Log and notices, in every form, tell one story.</summary>
public sealed class SourceTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.Smtpd), MemberType = typeof(Views))]
    public async Task Every_line_is_read_and_every_session_counted_once(Setup setup, bool withNotices)
    {
        var capture = await captures.Get(setup);
        var lines = await File.ReadAllLinesAsync(capture.Log, TestContext.Current.CancellationToken);
        var report = await capture.ExplainAsync(withNotices);
        report.LinesRead.ShouldBe(lines.Length);
        report.LinesUnparsed.ShouldBe(0);
        report.Sessions.ShouldBe(lines.Count(line => line.Contains("smtpd[", StringComparison.Ordinal) && line.Contains("]: connect from ", StringComparison.Ordinal)));
        report.Clients.Sum(client => client.Sessions).ShouldBe(report.Sessions);
    }

    [Fact]
    public async Task Mbox_and_maildir_tell_the_same()
    {
        var capture = await captures.Get(Setup.OlderReply);
        var mbox = await capture.ExplainAsync(capture.Log, capture.Notices);
        var maildir = await capture.ExplainAsync(capture.Log, capture.Maildir);
        maildir.Clients.Select(client => client.ToString()).ShouldBe(mbox.Clients.Select(client => client.ToString()));
    }

    [Fact]
    public async Task Notices_alone_name_the_clients_too()
    {
        var capture = await captures.Get(Setup.OlderReply);
        var client = (await capture.ExplainAsync(capture.Notices)).Client(Abusers.LoneDots.Address);
        client.Showed("lone-dot").ShouldBe(40, client.ToString());
        client.Showed("blank-line").ShouldBe(40, client.ToString());
    }

    [Fact]
    public async Task The_order_of_the_inputs_does_not_matter()
    {
        var capture = await captures.Get(Setup.OlderReply);
        var one = await capture.ExplainAsync(capture.Log, capture.Notices);
        var other = await capture.ExplainAsync(capture.Notices, capture.Log);
        other.Clients.Select(client => client.ToString()).ShouldBe(one.Clients.Select(client => client.ToString()));
    }

    [Fact]
    public async Task Standard_input_is_read_as_a_file_is()
    {
        var capture = await captures.Get(Setup.Current);
        var log = await File.ReadAllTextAsync(capture.Log, TestContext.Current.CancellationToken);
        var result = (await PosternProgram.RunAsync(["explain", "--format", "json", "--offline", "--lang", "en", "--all", "-"], log)).OrThrow("postern explain -");
        Report.Parse(result.Output).Clients.Select(client => client.ToString())
            .ShouldBe((await capture.ExplainAsync(capture.Log)).Clients.Select(client => client.ToString()));
    }
}
