using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>One session, as far as the logs and the gate have told of it.</summary>
/// <param name="client">Who.</param>
/// <param name="id">The id under which it is reported.</param>
/// <param name="start">Its start, by whoever told first.</param>
/// <param name="end">Its end, by whoever told first.</param>
internal sealed class SessionPair(ClientAddress client, ulong id, LogTime start, LogTime end)
{
    /// <summary>Who.</summary>
    public ClientAddress Client => client;

    /// <summary>The id under which it is reported: that of the first report.</summary>
    public ulong Id => id;

    /// <summary>Its start.</summary>
    public LogTime Start => start;

    /// <summary>Its end.</summary>
    public LogTime End => end;

    /// <summary>What the logs and notices tell; null where they have not.</summary>
    public SmtpSession? Logged { get; set; }

    /// <summary>The telling lines of the log.</summary>
    public ReadOnlyMemory<byte> Lines { get; set; }

    /// <summary>What the gate was told; null where it was not.</summary>
    public SmtpSession? Gated { get; set; }

    /// <summary>
    /// The log's session with the commands that Postfix counted as unknown, and whose words the milter alone was told
    /// (a lone dot before Postfix 3.7); the log's own where nothing is to be learned.
    /// </summary>
    public SmtpSession? Joined()
    {
        if (Logged is not { Dialogue.Count: 0 } logged || Gated is null || logged.Counts.Refused(SmtpVerb.Unknown) == 0 || Has(logged, SmtpEventKind.NonSmtpCommand) || !Has(Gated, SmtpEventKind.NonSmtpCommand))
        {
            return Logged;
        }
        // In their order: what follows a refusal is something else than what comes before it.
        var before = Gated.Events.TakeWhile(static e => e.Kind is not SmtpEventKind.Reject).ToList();
        var after = Gated.Events.Skip(before.Count);
        return logged with { Events = [.. before.Where(IsCommand), .. logged.Events, .. after.Where(IsCommand)] };
    }

    private static bool IsCommand(SessionEvent e) => e.Kind == SmtpEventKind.NonSmtpCommand;

    private static bool Has(SmtpSession session, SmtpEventKind kind) => session.Events.Any(e => e.Kind == kind);
}
