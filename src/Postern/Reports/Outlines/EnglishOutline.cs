using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Outlines;

/// <summary>The first screen in English.</summary>
internal sealed partial class EnglishOutline(English language) : IOutlineLanguage
{
    /// <inheritdoc/>
    public OutlineWords Words { get; } = new("IN SHORT", "TO DO", "YOUR SERVER HAS A PROBLEM", "SESSION", "BAN", "BUSIEST", "DO NOT BAN", "NOT ENOUGH FOR A BAN", "HARMLESS",
        "sessions", "what it did", "PTR name", "WHY", "NEXT");

    /// <inheritdoc/>
    public string FormatTitle(Outline outline)
    {
        var explanation = outline.Explanation;
        if (!explanation.From.IsKnown)
        {
            return outline.IsTranscript ? "Postern report - one SMTP transcript (no times, no client address)" : "Postern report - the input has no times";
        }

        var days = Moments.Between(explanation.From, explanation.To).TotalDays;
        return $"Postern report - {language.Range(explanation.From, explanation.To)} ({Moments.Offset(explanation.From)}){(days >= 2 ? $", {Math.Ceiling(days):0} days" : "")}";
    }

    /// <inheritdoc/>
    public string FormatInput(Outline outline)
    {
        var explanation = outline.Explanation;
        List<string> parts = [];
        if (explanation.LinesRead > 0)
        {
            var of = explanation.LinesPostfix < explanation.LinesRead ? $"{Number(explanation.LinesPostfix)} of Postfix, " : "";
            parts.Add($"{Count(explanation.LinesRead, "log line")} ({of}{(explanation.LinesUnparsed == 0 ? "all understood" : $"{Number(explanation.LinesUnparsed)} not understood")})");
        }

        if (explanation.Notices > 0)
        {
            parts.Add(Count(explanation.Notices, "notice"));
        }

        var clients = outline.Overview.Clients + explanation.OrdinaryClients;
        return $"{string.Join(" and ", parts)}: {Count(explanation.Sessions, "session")}, {Addresses(clients)}";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Conclude(Outline outline)
    {
        var overview = outline.Overview;
        if (outline.Explanation.Sessions == 0)
        {
            return ["No SMTP session was found in this input.", .. outline.Explanation.Warnings.Take(2).Select(language.Warning)];
        }

        List<string> sentences = [.. outline.Explanation.Takeovers.Take(2).Select(takeover => "A stolen account: " + language.Say(takeover))];
        if (overview.Clients == 0)
        {
            return [.. sentences, "Nothing suspicious: all clients only sent mail."];
        }

        if (outline.IsTranscript)
        {
            return [.. sentences, .. ConcludeTranscript(outline)];
        }

        var bans = overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            sentences.Add($"One{(botnet.Clients.Count >= 1000 ? " large," : "")}{(botnet.Pause > TimeSpan.FromHours(1) ? " slow" : "")} botnet: {Number(botnet.Clients.Count)} addresses, {Count(botnet.Sessions, "session")} ({language.PerCent((double)botnet.Sessions / outline.Explanation.Sessions)} of all), share the HELO name \"{SafeText.Short(botnet.Helo, 40)}\". {Deeds(overview)}");
        }

        if (bans > 0)
        {
            sentences.Add(bans == 1 ? $"One address is worth a ban; it made {Number(outline.BanSessions)} of the {Count(outline.Explanation.Sessions, "session")}."
                : $"{Number(bans)} addresses are worth a ban; they made {Number(outline.BanSessions)} of the {Count(outline.Explanation.Sessions, "session")}.");
        }
        else
        {
            sentences.Add(overview.HasForwarders ? "Nobody has to be banned on this log alone." : "No client reached the ban limit (10 failures in 10 minutes).");
        }

        if (outline.Botnet is { } together && together.Clients.Count <= bans)
        {
            sentences.Add($"{Number(together.Clients.Count)} addresses share the HELO name \"{SafeText.Short(together.Helo, 40)}\": one botnet.");
        }

        sentences.AddRange(outline.Guessing.Select(campaign => $"{Addresses(campaign.Clients.Count)} guess passwords together{Networks(campaign)}."));
        if (bans > 0 || overview.Count(Verdict.Watch) > 0)
        {
            sentences.Add(Gains(outline));
        }

        sentences.Add(outline.Explanation.Load.IsDenialOfService ? "It could be a denial of service." : overview.HasTimes ? "Not a denial of service." : "");
        var good = overview.Count(Verdict.Protect);
        sentences.Add(good == 0 ? "" : good == 1 ? "One address sends you mail and must not be banned." : $"{Number(good)} addresses send you mail and must not be banned.");
        return sentences;
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutlineAction> Act(Outline outline, string program)
    {
        var overview = outline.Overview;
        List<OutlineAction> actions = [.. outline.Explanation.Takeovers.Take(1).Select(takeover => new OutlineAction(language.Advise(takeover)))];
        if (outline.Explanation.Troubles.Count > 0)
        {
            actions.Add(new("Fix the problem above first. Clients that met only it did nothing wrong."));
        }

        if (outline.IsTranscript)
        {
            actions.Add(new(overview.Find(Behaviour.ServerTrouble) is not null ? "Do not ban this client."
                : "Change nothing in Postfix. Find the address (see NEXT); if it comes ten times or more within ten minutes, ban it for an hour."));
            return actions;
        }

        var bans = overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            actions.AddRange(ActAgainst(botnet, outline, program));
        }
        else if (outline.Guessing.Count > 0)
        {
            actions.Add(new(language.Advise(outline.Guessing[0])));
        }

        if (bans > 0)
        {
            actions.Add(new("shows these bans, bans nobody", $"{program} run --dry-run"));
            actions.Add(new("bans them: 1 h, longer each time", $"{program} run"));
        }
        else if (actions.Count == 0)
        {
            actions.Add(new(outline.Explanation.Sessions == 0 ? "Give a log of smtpd or postscreen, or the notices." : overview.Clients == 0 ? "Nothing." : "Ban nobody on this evidence."));
        }

        return actions;
    }

    /// <inheritdoc/>
    public string FormatHeading(string heading, int clients) => $"{heading} ({Number(clients)})";

    /// <inheritdoc/>
    public string FormatBehaviours(Outline outline) => "WHAT THEY DO  " + string.Join("; ", outline.Overview.Behaviours.Take(4)
        .Select(total => $"{language.Name(total.Behaviour)}: {Count(total.Sessions, "session")} of {Addresses(total.Clients)}"));

    /// <inheritdoc/>
    public string FormatOrdinary(Outline outline) =>
        $"Ordinary mail: {Addresses(outline.Explanation.OrdinaryClients)}, {Count(outline.Explanation.OrdinarySessions, "session")}.";

    /// <inheritdoc/>
    public string FormatRest(int clients) => $"and {Number(clients)} more (--all)";

    /// <inheritdoc/>
    public string FormatCauses(IReadOnlyList<CauseGroup> causes)
    {
        List<string> parts = [];
        foreach (var group in causes)
        {
            var names = group.Cause is Cause.Monitor or Cause.FaultySender && group.Names.Count > 0 ? $" ({string.Join(", ", group.Names.Select(static name => SafeText.Short(name, 44)))})" : "";
            parts.Add($"{Number(group.Clients)} {Noun(group.Cause, group.Clients)}{names}");
        }

        return string.Join(", ", parts);
    }

    private string Networks(Campaign campaign) => campaign.Networks.Count == 0 ? ""
        : $", {string.Join(", ", campaign.Networks.Take(3).Select(network => $"{Number(network.Clients)} of them in {network.Network}"))}";

    private IEnumerable<OutlineAction> ActAgainst(Campaign botnet, Outline outline, string program)
    {
        List<string> steps = [];
        steps.Add(outline.Listed > 0 ? $"refuse them at connect: postscreen with {SafeText.Short(outline.List ?? "zen.spamhaus.org", 40)} (it refused {Count(outline.Listed, "session")} already, but only at RCPT)"
            : "refuse them at connect: postscreen with zen.spamhaus.org");
        steps.Add($"refuse the HELO name \"{SafeText.Short(botnet.Helo, 40)}\" (check_helo_access)");
        if (outline.FailedLogins > 0)
        {
            steps.Add("offer logins on ports 465 and 587 only, not on port 25");
        }

        if (botnet.Pause is { } pause && pause > TimeSpan.FromMinutes(10) && botnet.MedianSessions >= 3)
        {
            yield return new($"The default ban (10 failures in 10 min) stops few of them: an address comes about every {language.Duration(pause)}. Do this instead:");
            var limit = Math.Clamp(botnet.MedianSessions / 2, 3, 10);
            steps.Add($"ban slow repeaters: [jail] findtime = \"7d\", maxretry = {limit}, bantime = \"7d\"; first: {program} replay --config FILE LOG");
        }
        else
        {
            yield return new("Refuse them before they are banned:");
        }

        for (var i = 0; i < steps.Count; i++)
        {
            yield return new($"{i + 1}. {steps[i]}");
        }
    }

    private string Gains(Outline outline)
    {
        List<string> gains = [];
        if (outline.LoggedIn > 0)
        {
            gains.Add($"{Count(outline.LoggedIn, "guesser")} also logged in: change those passwords now.");
        }

        if (outline.Relayed > 0)
        {
            gains.Add($"Foreign recipients were accepted without a login in {Count(outline.Relayed, "session")}: check for an open relay.");
        }

        if (outline.BanAccepted.Clients > 0)
        {
            gains.Add($"{Count(outline.BanAccepted.Messages, "message")} of {Number(outline.BanAccepted.Clients)} of them {(outline.BanAccepted.Messages == 1 ? "was" : "were")} accepted.");
        }

        return gains.Count > 0 ? string.Join(' ', gains) : $"{(outline.Bans.Count > 0 ? "None" : "Nothing")} got through: no relaying, no guessed password, no mail accepted.";
    }

    private static string Deeds(Overview overview)
    {
        List<string> deeds = [];
        foreach (var total in overview.Behaviours)
        {
            var deed = total.Behaviour switch
            {
                Behaviour.LoneDot => "send lone dots",
                Behaviour.BlankLine => "send empty lines",
                Behaviour.AuthBruteForce or Behaviour.AuthFailure => "guess passwords",
                Behaviour.DnsblListed => "send spam",
                Behaviour.UserEnumeration => "try addresses",
                Behaviour.RelayProbe => "test for an open relay",
                Behaviour.GarbageCommand => "send unknown commands",
                Behaviour.HttpRequest => "send HTTP requests",
                _ => null,
            };
            if (deed is not null && !deeds.Contains(deed) && deeds.Count < 3)
            {
                deeds.Add(deed);
            }
        }

        return deeds.Count == 0 ? "" : deeds.Count == 1 ? $"They {deeds[0]}." : $"They {string.Join(", ", deeds.SkipLast(1))} and {deeds[^1]}.";
    }

    private static string Noun(Cause cause, int count)
    {
        var s = count == 1 ? "" : "s";
        return cause switch
        {
            Cause.Unclear => "unclear",
            Cause.ScriptedBot => "bot" + s,
            Cause.Fingerprinting => "fingerprinting tool" + s,
            Cause.PortScanner => "port scanner" + s,
            Cause.TlsScanner => "TLS scanner" + s,
            Cause.PasswordGuesser => "password guesser" + s,
            Cause.AddressHarvester => "address harvester" + s,
            Cause.RelayScanner => "relay tester" + s,
            Cause.SpamBot => "spam sender" + s,
            Cause.Smuggler => "smuggling attempt" + s,
            Cause.Monitor => "monitor" + s,
            Cause.FaultySender => $"mail server{s} with a fault",
            Cause.MisconfiguredClient => $"mail program{s} with wrong settings",
            Cause.GenuineSender => "genuine sender" + s,
            Cause.OwnFault => "refused by a fault of this server",
            Cause.AccountThief => $"user{s} of a stolen account",
            Cause.DenialOfService => $"flooding client{s}",
            _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No noun for this cause."),
        };
    }

    private string Number(long number) => language.Number(number);

    private string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    private string Addresses(long number) => number == 1 ? "1 address" : $"{Number(number)} addresses";
}
