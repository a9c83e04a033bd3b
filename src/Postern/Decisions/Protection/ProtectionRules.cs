using System.Globalization;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>
/// Says whether a client that a jail would ban must not be banned. What protects, how far and for how long stands in
/// docs/jails.md.
/// </summary>
public static class ProtectionRules
{
    /// <summary>A login protects for so many days.</summary>
    public const int LoginDays = 7;

    /// <summary>Mail of so many days back makes a proven sender.</summary>
    public const int HistoryDays = 30;

    /// <summary>So many different days with accepted mail make a proven sender; one message buys nothing, for bots deliver too.</summary>
    public const int ProvenDays = 3;

    /// <summary>A proven sender is banned all the same at so many times maxretry.</summary>
    public const double ProvenCeiling = 10;

    /// <summary>A sender that only its DNS speaks for is banned all the same at so many times maxretry.</summary>
    public const double ChecksCeiling = 3;

    /// <summary>So few failed logins, or sessions with TLS on the plain port, are taken for a mistake.</summary>
    public const int Few = 3;

    private static readonly BehaviourSet s_neverByChecks = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.HttpRequest, Behaviour.OtherProtocol, Behaviour.TlsScan, Behaviour.AuthBruteForce,
        Behaviour.UserEnumeration, Behaviour.RelayProbe, Behaviour.SmugglingAttempt);

    /// <summary>How long the answer of <c>Checks</c> holds.</summary>
    public static TimeSpan ChecksHold => TimeSpan.FromHours(1);

    /// <summary>The ruling.</summary>
    /// <param name="facts">What is known of the client.</param>
    /// <param name="window">Its sessions that count, by <see cref="JailWindow.Live"/>.</param>
    /// <param name="marks">Its sessions, in any order.</param>
    /// <param name="jail">The jail that would ban it.</param>
    /// <param name="now">The time.</param>
    public static ProtectionRuling Judge(ProtectionFacts facts, WindowSum window, ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(jail);
        if (Always(facts, now) is { } always)
        {
            return always;
        }

        if (LoginProtection.Judge(facts, window, marks, jail, now) is { } user)
        {
            return user;
        }

        // That host judges the evidence of all again as soon as its word is over, which is soon.
        if (facts.Veto is { } veto && veto.Until > now)
        {
            return Suppress(veto.Reason, $"{veto.Host} spares it: {veto.Detail}", now);
        }

        var lists = window.Behaviours.Has(Behaviour.DnsblListed) ? ListAnswer.Listed : facts.Lists;
        var proven = Proven(facts, lists, window, jail, now);
        return proven.Answer == ProtectionAnswer.Suppress ? proven : ByChecks(facts, lists, window, marks, jail, now, proven);
    }

    private static ProtectionRuling? Always(ProtectionFacts facts, DateTimeOffset now) =>
        facts.AllowedBy is { } entry ? Suppress(ProtectionReason.Allowed, $"the allow-list names it: {entry}", now)
        : facts.IsOwnAddress ? Suppress(ProtectionReason.OwnAddress, "it is an address of this host", now)
        : facts.MyNetwork is { } network ? Suppress(ProtectionReason.MyNetworks, $"it is within Postfix's mynetworks: {network}", now)
        : facts.IsPrivate ? Suppress(ProtectionReason.PrivateNetwork, "its address is of a private network, perhaps a gateway that hides all clients", now)
        : null;

    private static ProtectionRuling Proven(ProtectionFacts facts, ListAnswer lists, WindowSum window, JailOptions jail, DateTimeOffset now)
    {
        var isProven = facts.DeliveredDays >= ProvenDays;
        if (!isProven && facts.Correspondent is null)
        {
            return facts.MayCorrespond && !facts.IsChecked ? Ask : Ban("");
        }

        var history = isProven ? Text($"it delivered mail on {facts.DeliveredDays} days of the last {HistoryDays}") : $"own users write to {facts.Correspondent}, whose client it is";
        return facts.HostileBefore ? Ban($"{history}, but it had a hostile day before")
            : lists == ListAnswer.Listed ? Ban($"{history}, but a DNS list names it")
            : IsAbove(window, jail, ProvenCeiling) ? Ban(Text($"{history}, but {window.Weight:0.##} is above the ceiling of {jail.MaxRetry * ProvenCeiling:0.##}"))
            : lists == ListAnswer.NotAsked && !facts.IsChecked ? Ask
            : Suppress(isProven ? ProtectionReason.ProvenSender : ProtectionReason.Correspondent, lists == ListAnswer.NotListed
                ? $"{history} without a hostile day, and no DNS list names it"
                : $"{history} without a hostile day; the DNS lists gave no answer", now);
    }

    private static ProtectionRuling ByChecks(
        ProtectionFacts facts, ListAnswer lists, WindowSum window, ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, ProtectionRuling proven)
    {
        var hostile = Inexcusable(window, marks);
        var isWithin = hostile.IsEmpty && !IsAbove(window, jail, ChecksCeiling) && lists != ListAnswer.Listed;
        if (isWithin && facts.Held is { Reason: ProtectionReason.GenuineByChecks } held && held.Until > now)
        {
            return new(ProtectionAnswer.Suppress, held.Reason, held.Detail, held.Until);
        }

        if (!facts.IsChecked)
        {
            return isWithin || proven.Answer == ProtectionAnswer.AskChecks ? Ask : proven;
        }

        if (facts.Verdict is not { Legitimacy: Legitimacy.Genuine } verdict)
        {
            return proven;
        }

        if (isWithin)
        {
            var tests = verdict.Deciding.Count == 0 ? "its DNS" : string.Join(", ", verdict.Deciding);
            return Suppress(ProtectionReason.GenuineByChecks, $"its DNS shows a genuine sender: {tests}", now + ChecksHold);
        }

        return proven.Detail.Length > 0 ? proven
            : !hostile.IsEmpty ? Ban($"its DNS shows a genuine sender, which does not excuse {string.Join(", ", hostile.Select(static behaviour => behaviour.Id()))}")
            : Ban(Text($"its DNS shows a genuine sender, but {window.Weight:0.##} is above the ceiling of {jail.MaxRetry * ChecksCeiling:0.##}"));
    }

    private static BehaviourSet Inexcusable(WindowSum window, ReadOnlySpan<SessionMark> marks)
    {
        var hostile = new BehaviourSet(window.Behaviours.Bits & s_neverByChecks.Bits);
        foreach (var behaviour in (ReadOnlySpan<Behaviour>)[Behaviour.AuthFailure, Behaviour.TlsOnPlaintext])
        {
            hostile = window.Behaviours.Has(behaviour) && Times(marks, behaviour) > Few ? hostile.With(behaviour) : hostile;
        }

        return hostile;
    }

    private static int Times(ReadOnlySpan<SessionMark> marks, Behaviour behaviour)
    {
        var count = 0;
        foreach (var mark in marks)
        {
            count += mark.Behaviours.Has(behaviour) ? JailWeights.Times(behaviour, mark) : 0;
        }

        return count;
    }

    private static bool IsAbove(WindowSum window, JailOptions jail, double ceiling) => window.Weight > (jail.MaxRetry * ceiling) + 1e-9;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ProtectionRuling Ask => new(ProtectionAnswer.AskChecks, default, "", default);

    private static ProtectionRuling Ban(string detail) => new(ProtectionAnswer.NotProtected, default, detail, default);

    private static ProtectionRuling Suppress(ProtectionReason reason, string detail, DateTimeOffset until) =>
        new(ProtectionAnswer.Suppress, reason, detail, until);
}
