using System.Globalization;
using System.Text;
using Postern.Classification.Live;
using Postern.Engine.Intake;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Tests.Engine.Intake;

/// <summary>The daemon tells of trouble that goes on and of strangers who relay, and of neither a restart nor who may relay.</summary>
public sealed class ServerMonitorTests
{
    private const string Stranger = "unknown[203.0.113.50]";
    private static readonly DateTimeOffset s_start = new(2026, 11, 25, 1, 0, 0, TimeSpan.Zero);

    private readonly List<Trouble> _troubles = [];
    private readonly List<(ClientAddress Client, IReadOnlyList<string> Domains)> _relays = [];
    private readonly List<SessionReport> _sessions = [];
    private readonly ServerMonitor _monitor;
    private readonly LogIntake _intake;
    private readonly LiveClassifier _classifier = new();
    private DateTimeOffset _now = s_start;
    private ProtectedNetworks _networks = new();
    private long _offset;
    private int _messages;

    public ServerMonitorTests()
    {
        _monitor = new ServerMonitor(() => _networks, (name, _) => name.StartsWith("dsl-", StringComparison.Ordinal));
        _intake = new LogIntake(TimeZoneInfo.Utc, new OutboundMail(() => _networks, (_, _) => { }), _monitor);
        Tell();
    }

    [Fact]
    public void Trouble_that_goes_on_is_told_once_until_it_was_well_for_an_hour()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Add("smtpd", "warning: connect to Milter service unix:/run/opendkim.sock: No such file or directory");
            Tell();
        }

        var trouble = _troubles.ShouldHaveSingleItem();
        trouble.Kind.ShouldBe(TroubleKind.Milter);
        trouble.Text.ShouldBe("connect to Milter service unix:/run/opendkim.sock: No such file or directory");
        _now += TimeSpan.FromHours(2);
        for (var minute = 0; minute < 10; minute++)
        {
            Add("smtpd", "warning: connect to Milter service unix:/run/opendkim.sock: Connection refused");
            Tell();
        }

        _troubles.Count.ShouldBe(2);
    }

    [Fact]
    public void A_restart_and_a_rare_warning_are_no_trouble()
    {
        for (var i = 0; i < 40; i++)
        {
            Add("smtpd", "warning: connect to Milter service unix:/run/opendkim.sock: Connection refused", seconds: 1);
        }

        Tell();
        for (var hour = 0; hour < 20; hour++)
        {
            Add("smtpd", "warning: dnsblog_query: lookup error for DNS query x.zen.example: Host or domain name not found", seconds: 3600);
            Tell();
        }

        _troubles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Stranger)]
    [InlineData("dsl-50.isp.example[203.0.113.50]")]
    public void A_stranger_who_relays_is_told_once_a_day(string client)
    {
        _now += TimeSpan.FromHours(2);
        for (var i = 0; i < 60; i++)
        {
            Relay(client, "info@bank.example", $"v{i}@isp{i % 3}.example");
            Tell();
        }

        var relay = _relays.ShouldHaveSingleItem();
        (relay.Client.ToString(), string.Join(' ', relay.Domains)).ShouldBe(("203.0.113.50", "isp0.example isp1.example isp2.example"));
        _now += TimeSpan.FromHours(25);
        for (var i = 0; i < 8; i++)
        {
            Relay(client, "info@bank.example", $"v{i}@isp{i % 3}.example");
            Tell();
        }

        _relays.Count.ShouldBe(2);
        _sessions.ShouldAllBe(session => session.Mark.Behaviours.Has(Behaviour.Delivered) || session.Mark.Behaviours.IsEmpty);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("mynetworks")]
    [InlineData("allowed")]
    [InlineData("name")]
    [InlineData("first hour")]
    [InlineData("alias")]
    [InlineData("relay_domains")]
    [InlineData("one domain")]
    [InlineData("bounces")]
    public void Who_may_relay_is_no_stranger(string how)
    {
        ClientNetwork.TryParse("203.0.113.0/24", out var network).ShouldBeTrue();
        _networks = how switch
        {
            "mynetworks" => new ProtectedNetworks { MyNetworks = [network] },
            "allowed" => new ProtectedNetworks { Allowed = [(network, "203.0.113.0/24")] },
            _ => new ProtectedNetworks(),
        };
        _now += how is "first hour" ? TimeSpan.Zero : TimeSpan.FromHours(2);
        for (var i = 0; i < 20; i++)
        {
            Relay(
                how is "name" ? "web1.hoster.example[203.0.113.50]" : Stranger, how is "bounces" ? "" : "info@bank.example", how is "one domain" ? "v@isp.example" : $"v{i}@isp{i % 3}.example",
                login: how is "login", original: how is "alias" ? "alice@example.org" : null, service: how is "relay_domains" ? "relay/smtp" : "smtp");
            Tell();
        }

        _relays.ShouldBeEmpty();
    }

    private void Relay(string client, string from, string to, bool login = false, string? original = null, string service = "smtp")
    {
        var id = $"4DF{++_messages:X4}A";
        Add("smtpd", $"connect from {client}", seconds: 0);
        Add("smtpd", $"{id}: client={client}{(login ? ", sasl_method=PLAIN, sasl_username=alice" : "")}", seconds: 0);
        Add("qmgr", $"{id}: from=<{from}>, size=999, nrcpt=1 (queue active)", seconds: 0);
        Add(service, $"{id}: to=<{to}>, {(original is null ? "" : $"orig_to=<{original}>, ")}relay=mx.{to[(to.IndexOf('@', StringComparison.Ordinal) + 1)..]}[198.51.100.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)", seconds: 0);
        Add("smtpd", $"disconnect from {client} ehlo=1 {(login ? "auth=1 " : "")}mail=1 rcpt=1 data=1 quit=1 commands={(login ? 6 : 5)}", seconds: 60);
    }

    private void Add(string daemon, string message, int seconds = 60)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_now:yyyy-MM-ddTHH:mm:ss}+00:00 mx postfix/{daemon}[{100 + _messages}]: {message}\n");
        var bytes = Encoding.UTF8.GetBytes(line);
        _intake.Open(
            new LineBatch { Source = "mail.log", Lines = bytes, Start = new SourcePosition("mail.log", 7, _offset), End = new SourcePosition("mail.log", 7, _offset += bytes.Length), Year = 2026 },
            _now.UtcTicks);
        SmtpEvent e = default;
        while (_intake.TryRead(ref e, out var origin))
        {
            _classifier.Add(e, origin);
            while (_classifier.TryTake(out var session))
            {
                _sessions.Add(session);
            }
        }

        _now += TimeSpan.FromSeconds(seconds);
    }

    private void Tell() => _monitor.Tell(_troubles.Add, (client, domains) => _relays.Add((client, domains)), _now);
}
