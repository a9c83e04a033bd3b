using System.Threading.Channels;
using Postern.Checks.Dns;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.AbuseReports;
using Postern.Cli.Notifications.EventFiles;
using Postern.Cli.Notifications.Mail;
using Postern.Cli.Notifications.Telling;
using Postern.Cli.Notifications.Webhooks;
using Postern.Cli.Storage;
using Postern.Cli.Terminal;

namespace Postern.Cli.Notifications;

/// <summary>
/// Tells whoever is configured what happens: a file, mail, webhooks, abuse contacts. Whoever adds something waits for nobody: what
/// finds no place is counted. There is none where nothing is configured.
/// </summary>
internal sealed class NotificationHub : IAsyncDisposable
{
    private const int MostWaiting = 8192;
    private static readonly TimeSpan s_gatherMail = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_gatherWeb = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(5);

    // A disk that does not answer shall not fill the memory.
    private readonly Channel<Happening> _happenings = Channel.CreateBounded<Happening>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private readonly List<(Predicate<NotificationTopic?> Wants, Action<Happening> Take)> _takers = [];
    private readonly List<(string Name, Func<CancellationToken, Task<string?>> Test)> _ways = [];
    private readonly List<Webhook> _webhooks = [];
    private readonly NotificationSurroundings _around;
    private readonly WaveDetector _waves;
    private readonly EventFile? _file;
    private readonly Task _telling;
    private long _lost;

    private NotificationHub(PosternOptions options, NotificationSurroundings around)
    {
        _around = around;
        _waves = new WaveDetector(options.Notify.BanWave);
        var store = new NotificationStore(Path.Combine(options.State, NotificationStore.FileName));
        if (options.Events.File is { } path)
        {
            _file = new EventFile(options.Events, new EventJson(around.Host, ProgramVersion.Text), why => around.Say("events", why));
            _ways.Add((path, _ => TestFileAsync()));
        }

        if (options.Notify.MailTo.Count > 0)
        {
            AddMail(options, store);
        }

        foreach (var settings in options.Webhooks)
        {
            AddWebhook(new Webhook(settings, options.Notify.Language, around.Host, around.Time), settings);
        }

        if (options.AbuseReports.Enabled)
        {
            AddReports(options, store);
        }

        _telling = _around.Start("telling what happens", _ => RunAsync(), CancellationToken.None);
        if (options.Notify.Silence > TimeSpan.Zero)
        {
            Start("the look at silent logs", stop => LookAsync(new SilenceDetector(options.Notify.Silence), stop));
        }
    }

    /// <summary>True where somebody is told of something.</summary>
    public static bool IsWanted(PosternOptions options) =>
        options.Events.File is not null || options.Notify.MailTo.Count > 0 || options.Webhooks.Count > 0 || options.AbuseReports.Enabled;

    /// <summary>Begins to tell; null where nobody is to be told.</summary>
    public static NotificationHub? Open(PosternOptions options, NotificationSurroundings around) => IsWanted(options) ? new NotificationHub(options, around) : null;

    /// <summary>Takes what happened, without waiting; called by many at once.</summary>
    public void Add(Happening one)
    {
        if (!_happenings.Writer.TryWrite(one))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Sends one test by each way.</summary>
    /// <returns>Each way's name, and why it did not work, or null.</returns>
    public async Task<IReadOnlyList<(string Way, string? Failure)>> TestAsync(CancellationToken stop)
    {
        var tests = _ways.Select(async way => (way.Name, await way.Test(stop))).ToList();
        return await Task.WhenAll(tests);
    }

    /// <summary>Takes nothing more, tells what is left, within a few seconds, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _happenings.Writer.TryComplete();
        await _telling;
        await _end.CancelAsync();
        await Task.WhenAll(_tasks);
        _webhooks.ForEach(static hook => hook.Dispose());
        _end.Dispose();
    }

    private void AddMail(PosternOptions options, NotificationStore store)
    {
        var mail = new OperatorMail(options.Notify, _around.Host, _around.Time);
        var sender = new GroupedSender(mail.SendAsync, s_gatherMail, options.Notify.MinInterval, why => _around.Say("mail", why), _around.Time);
        Start("mail to the operator", sender.RunAsync);
        _takers.Add((topic => topic is { } some && options.Notify.Alerts.Contains(some), sender.Add));
        _ways.Add(($"mail to {string.Join(", ", options.Notify.MailTo)}", stop => mail.SendAsync([Test()], 0, stop)));
        if (options.Notify.Digest is null)
        {
            return;
        }

        var digest = new DailyDigest(
            options.Notify, store, _around.State,
            (title, text, stop) =>
            {
                Add(new Happening(HappeningKind.Digest, _around.Time.GetUtcNow()) { Detail = text, IsDryRun = _around.IsDryRun });
                return mail.SendAsync(title, text, stop);
            },
            why => _around.Say("digest", why), _around.Host, _around.IsDryRun, _around.Time);
        Start("the summary of the day", digest.RunAsync);
        _takers.Add((static _ => true, digest.Take));
    }

    private void AddWebhook(Webhook hook, WebhookSettings settings)
    {
        _webhooks.Add(hook);
        var gather = settings.MinInterval < s_gatherWeb ? settings.MinInterval : s_gatherWeb;
        var sender = new GroupedSender(hook.SendAsync, gather, settings.MinInterval, why => _around.Say(hook.Name, why), _around.Time);
        Start(hook.Name, sender.RunAsync);
        _takers.Add((hook.Wants, sender.Add));
        _ways.Add((hook.Name, stop => hook.SendAsync([Test()], 0, stop)));
    }

    private void AddReports(PosternOptions options, NotificationStore store)
    {
        var settings = options.AbuseReports;
        var resolver = settings.ContactZone is null ? null : new DnsClientResolver(options.Checks.Dns);
        var reporter = new AbuseReporter(
            settings, new MailProgram(options.Notify.Sendmail, settings.MailFrom!, _around.Time), new MailWriter(settings.MailFrom!, _around.Host),
            new ContactFinder(settings, resolver, _around.Time), _around.Evidence, store, why => _around.Say("abuse reports", why), _around.Time);
        Start("abuse reports", reporter.RunAsync);
        _takers.Add((static topic => topic is NotificationTopic.Ban or NotificationTopic.Unban, reporter.Take));
        _ways.Add(("abuse reports", reporter.TestAsync));
    }

    private void Start(string name, Func<CancellationToken, Task> work) => _tasks.Add(_around.Start(name, work, _end.Token));

    private Happening Test() => new(HappeningKind.Test, _around.Time.GetUtcNow()) { IsDryRun = _around.IsDryRun };

    // The file has one writer: a test takes its place among the others, and is there when it can be read back.
    private Task<string?> TestFileAsync()
    {
        lock (_file!)
        {
            return Task.FromResult(_file.Write([Test()]));
        }
    }

    private async Task RunAsync()
    {
        List<Happening> batch = [];
        while (await _happenings.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostWaiting && _happenings.Reader.TryRead(out var one))
            {
                batch.Add(one);
                if (_waves.Take(one) is { } wave)
                {
                    batch.Add(wave);
                }
            }

            foreach (var one in batch)
            {
                foreach (var (wants, take) in _takers)
                {
                    if (wants(one.Kind.Topic()))
                    {
                        take(one);
                    }
                }
            }

            if (_file is not null)
            {
                lock (_file)
                {
                    _file.CountLost(Interlocked.Exchange(ref _lost, 0));
                    _file.Write(batch);
                }
            }
        }
    }

    private async Task LookAsync(SilenceDetector detector, CancellationToken stop)
    {
        while (true)
        {
            foreach (var one in detector.Look(await _around.Progress(stop), _around.Time.GetUtcNow()))
            {
                Add(one with { IsDryRun = _around.IsDryRun });
            }

            await Task.Delay(s_look, _around.Time, stop);
        }
    }
}
