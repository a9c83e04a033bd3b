namespace MakeLog;

/// <summary>The server whose log it is: its processes, and what every session needs.</summary>
internal sealed class MailServer
{
    private static readonly string[] s_people =
    [
        "anna", "bernd", "carla", "dmitri", "eiko", "farah", "goran", "hiroshi", "ines", "jonas", "kaori", "luca", "mina",
        "noor", "olga", "pavel", "rosa", "sven", "tomoko", "uwe", "vera", "willem", "yuki", "zoe", "office", "sales", "info",
    ];

    private readonly int _qmgr;

    /// <summary>A server with no session yet.</summary>
    public MailServer(LogWriter log, Dice dice)
    {
        Log = log;
        Dice = dice;
        Peers = new PeerMaker(dice);
        var numbers = new ProcessNumbers(dice);
        _qmgr = numbers.Next();
        Smtpd = new ProcessPool("postfix/smtpd", numbers);
        Submission = new ProcessPool("postfix/submission/smtpd", numbers);
        Cleanup = new ProcessPool("postfix/cleanup", numbers);
        Smtp = new ProcessPool("postfix/smtp", numbers);
        Lmtp = new ProcessPool("postfix/lmtp", numbers);
        Local = new ProcessPool("postfix/local", numbers);
        Pickup = new ProcessPool("postfix/pickup", numbers);
        Anvil = new ProcessPool("postfix/anvil", numbers);
    }

    /// <summary>Where it writes.</summary>
    public LogWriter Log { get; }

    /// <summary>Chance.</summary>
    public Dice Dice { get; }

    /// <summary>Other hosts.</summary>
    public PeerMaker Peers { get; }

    /// <summary>smtpd(8) on port 25.</summary>
    public ProcessPool Smtpd { get; }

    /// <summary>smtpd(8) on port 587.</summary>
    public ProcessPool Submission { get; }

    /// <summary>cleanup(8).</summary>
    public ProcessPool Cleanup { get; }

    /// <summary>smtp(8), which delivers elsewhere.</summary>
    public ProcessPool Smtp { get; }

    /// <summary>lmtp(8), which delivers to Dovecot.</summary>
    public ProcessPool Lmtp { get; }

    /// <summary>local(8).</summary>
    public ProcessPool Local { get; }

    /// <summary>pickup(8).</summary>
    public ProcessPool Pickup { get; }

    /// <summary>anvil(8).</summary>
    public ProcessPool Anvil { get; }

    /// <summary>The one queue manager.</summary>
    public string Qmgr => $"postfix/qmgr[{_qmgr}]: ";

    /// <summary>An address here.</summary>
    public string Recipient() => $"{Dice.Pick<string>(s_people)}@{Dice.Pick<string>(["example.com", "example.com", "example.org"])}";

    /// <summary>A person.</summary>
    public string Person() => Dice.Pick<string>(s_people);

    /// <summary>A queue id of the short form: microseconds and inode, in upper-case hexadecimal.</summary>
    public string QueueId() => $"{Dice.Between(0, 1_000_000):X5}{Dice.Between(0x10000, 0xFFFFF):X5}";
}

/// <summary>The hand that writes the lines of one process, each somewhat later than the one before.</summary>
internal struct Teller(LogWriter log, string tag, long time)
{
    /// <summary>When the last line was, in microseconds from the start of the log.</summary>
    public long Time { get; private set; } = time;

    /// <summary>A line so many microseconds after the last.</summary>
    public void Say(long after, string text)
    {
        Time += after;
        log.Tell(Time, tag + text);
    }
}
