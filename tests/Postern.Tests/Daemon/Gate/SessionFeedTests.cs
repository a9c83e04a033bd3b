using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Gate;
using Postern.Facts;

namespace Postern.Tests.Daemon.Gate;

public sealed class SessionFeedTests
{
    [Fact]
    public void What_finds_no_place_is_left_out_and_said_once_a_minute()
    {
        var channel = Channel.CreateBounded<SmtpSession>(2);
        var said = new List<string>();
        var time = new FakeTimeProvider();
        time.Advance(TimeSpan.FromSeconds(1));
        var feed = new SessionFeed(channel.Writer, said.Add, time);
        for (var i = 0; i < 5; i++)
        {
            feed.Add(new SmtpSession { Client = ClientAddress.Unknown });
        }

        channel.Reader.Count.ShouldBe(2);
        said.ShouldHaveSingleItem().ShouldContain("1 did not count");
        time.Advance(TimeSpan.FromMinutes(1));
        feed.Add(new SmtpSession { Client = ClientAddress.Unknown });
        said.Count.ShouldBe(2);
        said[1].ShouldContain("3 did not count");
        channel.Reader.TryRead(out _).ShouldBeTrue();
        feed.Add(new SmtpSession { Client = ClientAddress.Unknown });
        said.Count.ShouldBe(2);
    }
}
