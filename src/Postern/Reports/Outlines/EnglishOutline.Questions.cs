using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>The operator's questions.</content>
internal sealed partial class EnglishOutline
{
    /// <inheritdoc/>
    public IReadOnlyList<OutlineAnswer> AnswerQuestions(Outline outline, string program)
    {
        var overview = outline.Overview;
        if (overview.Count(Verdict.Ban) + overview.Count(Verdict.Watch) == 0)
        {
            return [];
        }

        return [.. new[] { Origin(outline), Again(outline), Dot(outline), Load(outline), Genuine(outline, program), Filter(overview, program) }.OfType<OutlineAnswer>()];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PointOn(Outline outline, string program)
    {
        if (outline.IsTranscript)
        {
            return
            [
                $"1. grep the time of this notice in the log, or give Postern both: {program} explain /var/log/mail.log /var/mail/postmaster",
                $"2. {program} run --dry-run shows who would be banned; bans nobody",
            ];
        }

        List<string> lines = [];
        if (outline.Explanation is { Warnings.Count: > 0, Sessions: > 0 })
        {
            lines.Add(language.Warning(outline.Explanation.Warnings[0]));
        }

        lines.Add("Details: --details    All addresses: --all    Web page: --format html -o x.html");
        return lines;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DescribeTranscript(Outline outline)
    {
        if (outline.Course is not { } course)
        {
            return [];
        }

        var steps = course.Steps.Select(static step => step.Said.Length == 0 ? step.Reply.Length == 0 ? "" : $"{step.Reply} banner"
            : $"{(step.IsBlank ? "empty line" : step.IsDot ? "\".\"" : step.Said)}{(step.Reply.Length == 0 ? "" : $" -> {step.Reply}")}").Where(static text => text.Length > 0).ToList();
        steps.Add(course.Ending switch
        {
            SessionEnd.LostConnection => "client drops the line",
            SessionEnd.Timeout => "client falls silent",
            _ => "end",
        });
        List<string> lines = [string.Join(" | ", steps)];
        if (!course.HasGreeted)
        {
            lines.Add("No EHLO, no login, no MAIL: nothing was offered, nothing was gained.");
        }

        return lines;
    }

    private List<string> ConcludeTranscript(Outline outline)
    {
        var client = outline.Explanation.Clients[0];
        var cause = client.Cause;
        List<string> sentences = [];
        if (outline.IsHarmlessTranscript)
        {
            sentences.Add("Harmless, and your server answered correctly.");
        }

        if (outline.Course is { HasGreeted: false } course)
        {
            sentences.Add($"The client is not a mail server: it {(course.BeginsWithDot ? "sent \".\" as its first command and" : course.BeginsWithBlank ? "sent an empty line as its first command and" : "")} never said EHLO.");
        }
        else
        {
            sentences.AddRange(cause.Clues.Take(2).Select(language.Say));
        }

        var other = client.Others.FirstOrDefault(static other => other.Cause != Cause.Unclear);
        sentences.Add(cause.Cause == Cause.Unclear ? "The cause is unknown." : $"{Sure(cause)} {WithArticle(cause.Cause)}{(other is null ? "" : $" (possible: {WithArticle(other.Cause)})")}.");
        sentences.Add("Certainty: low, one session only.");
        return sentences;
    }

    private static string WithArticle(Cause cause) => cause == Cause.OwnFault ? "a fault of this server" : Noun(cause, 1) is var noun && "aeiou".Contains(noun[0], StringComparison.Ordinal) ? $"an {noun}" : $"a {noun}";

    private static string Sure(CauseFinding cause) => Certainties.Of(cause.Confidence) switch
    {
        Certainty.AlmostCertain => "Almost certainly",
        Certainty.Probably => "Most likely",
        Certainty.Perhaps => "Possibly",
        _ => "Closest match:",
    };

    private OutlineAnswer? Origin(Outline outline)
    {
        var overview = outline.Overview;
        const string Question = "Virus, worm or botnet?";
        if (outline.IsTranscript)
        {
            return new(Question, "A program, not a person: infected machines (a botnet) and scanning tools both do this. One transcript cannot tell them apart. Many addresses that do the same in the same hours point to a botnet; the log shows that.");
        }

        if (outline.Botnet is { } botnet)
        {
            return new(Question, $"A botnet: {Number(botnet.Clients.Count)} addresses in {Count(botnet.DistinctNetworks, "network")} use one HELO name, so one program runs on many infected machines. "
                + $"{Number(botnet.FewestSessions)} to {Number(botnet.MostSessions)} sessions per address (median {Number(botnet.MedianSessions)}).");
        }

        var bots = overview.Causes.Where(static total => total.Cause is Cause.ScriptedBot or Cause.SpamBot or Cause.PasswordGuesser or Cause.AddressHarvester or Cause.RelayScanner).ToList();
        if (outline.Explanation.Campaigns.FirstOrDefault(static campaign => campaign.Clients.Count >= 10) is { } campaign)
        {
            return new(Question, $"Most likely a botnet: {Addresses(campaign.Clients.Count)} did the same ({language.Name(campaign.Behaviour)}) in the same hours, in {Count(campaign.Sessions, "session")}.");
        }

        return bots.Count == 0 ? null : new(Question, $"Programs, not people ({Count(bots.Sum(static total => total.Sessions), "session")}): infected machines and rented servers both do this. No large group of addresses works together here.");
    }

    private OutlineAnswer? Again(Outline outline)
    {
        var overview = outline.Overview;
        if (overview.MostSessions <= 1 && !outline.IsTranscript)
        {
            return null;
        }

        var causes = overview.Causes.Where(static total => total.Cause is not (Cause.Unclear or Cause.GenuineSender or Cause.FaultySender or Cause.Monitor or Cause.OwnFault)).DistinctBy(static total => total.Cause).Take(2).ToList();
        var answer = outline.IsTranscript && causes.Count == 0 ? "One transcript does not tell; the log shows how often the client came."
            : string.Join(' ', causes.Select(total => language.WhyAgain(total.Cause)));
        return answer.Length == 0 ? null : new("Why does one address connect so many times?", answer);
    }

    private static OutlineAnswer? Dot(Outline outline)
    {
        var overview = outline.Overview;
        var dot = overview.Find(Behaviour.LoneDot) is not null;
        var blank = overview.Find(Behaviour.BlankLine) is not null;
        if (!dot && !blank)
        {
            return overview.LacksText ? new("What were the unknown commands?", "The log does not say. Before Postfix 3.7 a lone \".\" is among them; add 'protocol' to notify_classes and give the notices as input, too.") : null;
        }

        var what = dot && blank ? "Is \".\" or an empty line" : dot ? "Is \".\"" : "Is an empty line";
        var answer = !dot ? "No. An empty line is no command; 500 5.5.2 is the correct reply."
            : outline.IsTranscript ? "No. \".\" only ends a message after DATA; as a command it does not exist. Correct replies: 502 (before Postfix 3.4), 500 (3.4 to 3.6), 221 and disconnect (3.7 and later). Empty line: 500."
            : "No. \".\" only ends a message after DATA; as a command it does not exist. To refuse it is correct, and no setting gives a better answer.";
        return new($"{what} a test that Postfix answers wrongly?", answer);
    }

    private OutlineAnswer Load(Outline outline)
    {
        var load = outline.Explanation.Load;
        var answer = load.IsDenialOfService ? $"It could be. Busiest minute: {Count(load.PeakSessionsPerMinute, "session")} ({Minute(load)}), enough to keep genuine senders waiting."
            : load.PeakAt.IsKnown ? $"No. Busiest minute: {Count(load.PeakSessionsPerMinute, "session")} ({Minute(load)})."
            : "No sign of it. Hundreds of such sessions a day do no harm to Postfix.";
        return new("Is it a denial of service?", answer + (load.LimitsExceeded > 0 ? $" Postfix's own limits were exceeded {Count(load.LimitsExceeded, "time")}." : ""));
    }

    private OutlineAnswer? Genuine(Outline outline, string program)
    {
        var bans = outline.Overview.Count(Verdict.Ban);
        if (outline.IsTranscript)
        {
            return new("Could it be a genuine sender?", $"Unlikely: a mail server starts with EHLO. Test it: {program} check ADDRESS --helo NAME. Genuine senders nearly always have a PTR name that resolves back and is no customer line, "
                + "a full HELO name that resolves to the address, no entry in zen.spamhaus.org, and no SPF fail of the HELO name (DKIM needs a message). If you cannot verify a sender, refuse it while the connection is open; a later bounce goes to a forged address (backscatter).");
        }

        if (bans == 0)
        {
            return outline.Botnet is not { Helo: { } helo } botnet ? null
                : new("Are genuine senders among them?", $"No sign of it: no mail accepted, {(outline.BotnetNamed == 0 ? "no confirmed PTR name" : $"a confirmed PTR name for {Number(outline.BotnetNamed)} of {Number(botnet.Clients.Count)}")}{(helo.Contains('.', StringComparison.Ordinal) ? "" : ", HELO not a full name")}.");
        }

        var (confirmed, generic, listed) = outline.BanNames;
        var (messages, clients) = outline.BanAccepted;
        List<string> facts = [clients > 0 ? $"{Number(clients)} of them had {Count(messages, "message")} accepted: look at these before you ban." : "No sign of it: none has delivered mail."];
        facts.Add(generic > 0 && confirmed < bans ? $"PTR: {Number(generic)} customer line{(generic == 1 ? "" : "s")}, {Number(bans - confirmed)} not confirmed."
            : generic > 0 ? $"PTR: {Number(generic)} customer line{(generic == 1 ? "" : "s")}." : confirmed < bans ? $"PTR: {Number(bans - confirmed)} not confirmed." : "PTR: all confirmed.");
        facts.Add(listed > 0 ? $"A DNSBL lists {Number(listed)}." : "");
        facts.Add(outline.HasTests ? "Tests of each sender: --details." : $"DNSBL, HELO and SPF were not asked: {program} explain --resolver 127.0.0.1 FILE...");
        return new($"Are genuine senders among the {(bans == 1 ? "banned" : Number(bans))}?", string.Join(' ', facts.Where(static fact => fact.Length > 0)));
    }

    private static OutlineAnswer? Filter(Overview overview, string program) =>
        overview.Find(Behaviour.LoneDot) is null && overview.Find(Behaviour.BlankLine) is null ? null
            : new("fail2ban user?", $"A filter on \"reject: RCPT ... 502 5.5.2\" never matches these sessions, and a client can use it against others: {program} filter lint NAME");

    private static string Minute(Load load) => load.PeakAt.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
