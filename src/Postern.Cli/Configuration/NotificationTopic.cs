namespace Postern.Cli.Configuration;

/// <summary>What a message to people is about; the words of <c>notify.alerts</c> and <c>webhook.events</c>.</summary>
internal enum NotificationTopic : byte
{
    /// <summary>Many bans within a short time.</summary>
    BanWave,
    /// <summary>The brake was pulled, or released.</summary>
    Brake,
    /// <summary>A source gives no lines, cannot be read, or can be again.</summary>
    Source,
    /// <summary>A DNS list was switched off, or is in use again.</summary>
    DnsList,
    /// <summary>An account that others than its owner use.</summary>
    AccountTakeover,
    /// <summary>Strangers send to others through this server.</summary>
    OpenRelay,
    /// <summary>Postfix misses something that it needs.</summary>
    ServerTrouble,
    /// <summary>Postern itself has trouble: its database, its firewall, a part that failed.</summary>
    PosternTrouble,
    /// <summary>A ban.</summary>
    Ban,
    /// <summary>The end of a ban.</summary>
    Unban,
    /// <summary>A ban that was not made.</summary>
    Spared,
    /// <summary>The summary of a day.</summary>
    Digest,
}

/// <summary>The words of topics; fixed for all releases.</summary>
internal static class NotificationTopics
{
    private static readonly string[] s_ids =
    [
        "ban-wave", "brake", "source-silent", "dns-list-broken", "account-takeover", "open-relay", "server-trouble", "postern-trouble",
        "ban", "unban", "spared", "digest",
    ];

    /// <summary>What needs somebody: all that an operator is told of without being asked.</summary>
    public static IReadOnlyList<NotificationTopic> Alerts { get; } =
    [
        NotificationTopic.BanWave, NotificationTopic.Brake, NotificationTopic.Source, NotificationTopic.DnsList, NotificationTopic.AccountTakeover,
        NotificationTopic.OpenRelay, NotificationTopic.ServerTrouble, NotificationTopic.PosternTrouble,
    ];

    /// <summary>Every topic.</summary>
    public static IReadOnlyList<NotificationTopic> All { get; } = Enum.GetValues<NotificationTopic>();

    /// <summary>The word: <c>ban-wave</c>.</summary>
    public static string Id(this NotificationTopic topic) => s_ids[(int)topic];

    /// <summary>Reads a list of words that stands for some of these topics.</summary>
    public static bool TryRead(Reading value, IReadOnlyList<NotificationTopic> among, out IReadOnlyList<NotificationTopic> topics)
    {
        topics = [];
        if (!value.TryItems(orSingle: false, out var items))
        {
            return false;
        }

        string[] words = [.. among.Select(static topic => topic.Id())];
        var read = new List<NotificationTopic>();
        var isSound = true;
        foreach (var item in items)
        {
            isSound &= item.TryWord(words, out var word);
            if (isSound)
            {
                read.Add((NotificationTopic)Array.IndexOf(s_ids, word));
            }
        }

        topics = [.. read.Distinct()];
        return isSound;
    }
}
