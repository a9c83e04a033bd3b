using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    private const int BehavioursTold = 6;
    private const int CausesTold = 5;

    /// <inheritdoc/>
    public IReadOnlyList<Answer> Summarise(Overview overview)
    {
        if (overview.Clients == 0)
        {
            return [new("What happened?", overview.Explanation.Sessions == 0
                ? "No SMTP session was found in this input."
                : "Nothing suspicious: all clients only sent mail.", [])];
        }

        var answers = new List<Answer> { What(overview), Causes(overview) };
        if (Again(overview) is { } again)
        {
            answers.Add(again);
        }

        if (Takeovers(overview) is { } takeovers)
        {
            answers.Insert(0, takeovers);
        }

        if (Feature(overview) is { } feature)
        {
            answers.Add(feature);
        }

        answers.Add(new("Is it a denial of service?", Say(overview.Explanation.Load, overview.HasTimes), []));
        answers.Add(ToDo(overview));
        return answers;
    }

    /// <inheritdoc/>
    public string Say(Load load, bool hasTimes)
    {
        var limits = load.LimitsExceeded == 0 ? "" : $"Postfix's anvil limits were exceeded {Times(load.LimitsExceeded)}.";
        if (load.IsDenialOfService)
        {
            return Join([$"It could be: the busiest minute ({Moments.Stamp(load.PeakAt)}) held {Sessions(load.PeakSessionsPerMinute)}, enough to keep genuine senders waiting.", limits]);
        }

        if (!hasTimes || !load.PeakAt.IsKnown)
        {
            return Join(["The input has no times, so it cannot be measured; nothing in it points to one.", limits]);
        }

        return Join([$"No. The busiest minute ({Moments.Stamp(load.PeakAt)}) held {Sessions(load.PeakSessionsPerMinute)} of such clients, too few to affect service.", limits]);
    }

    /// <inheritdoc/>
    public string Say(Campaign campaign) => Join(
    [
        $"{Clients(campaign.Clients.Count)} did the same ({Name(campaign.Behaviour)}) in {Sessions(campaign.Sessions)}"
        + (campaign.From.IsKnown ? $", {Range(campaign.From, campaign.To)}." : "."),
        Said(campaign),
    ]);

    private Answer What(Overview overview)
    {
        var items = overview.Behaviours.Take(BehavioursTold)
            .Select(total => $"{Name(total.Behaviour)}: {Sessions(total.Sessions)} of {Clients(total.Clients)}").ToList();
        if (overview.Behaviours.Count > BehavioursTold)
        {
            items.Add($"and {Counted(overview.Behaviours.Count - BehavioursTold, "rarer behaviour")}");
        }

        return new("What happened?", $"{Clients(overview.Clients)} did more than send mail, in {Sessions(overview.Sessions)}."
            + (overview.HasUnnamed ? " Not every transcript names its client; those that do not are counted as one." : ""), items);
    }

    private Answer Causes(Overview overview)
    {
        const string Question = "What causes it?";
        if (overview.Causes.All(total => total.Cause == Cause.Unclear))
        {
            return new(Question, "Unknown.", []);
        }

        return overview.Causes is [{ Clients: 1 } only]
            ? new(Question, $"{SayCause(only)}.", [])
            : new(Question, $"Of {Sessions(overview.Sessions)}:", [.. CauseLines(overview)]);
    }

    private IEnumerable<string> CauseLines(Overview overview)
    {
        var all = overview.ByCause;
        return all.Take(CausesTold).Select(total => $"{SayCause(total)} ({Sessions(total.Sessions)} of {Clients(total.Clients)})")
            .Concat(all.Count > CausesTold ? [$"and {Counted(all.Count - CausesTold, "rarer cause")}"] : []);
    }

    private string SayCause(CauseTotal total) => total.Certainty switch
    {
        Certainty.AlmostCertain => $"Almost certainly {Name(total.Cause)}",
        Certainty.Probably => $"Probably {Name(total.Cause)}",
        Certainty.Perhaps => $"Perhaps {Name(total.Cause)}",
        _ => "Unknown cause",
    };

    private Answer? Again(Overview overview)
    {
        const string Question = "Why does one address connect so many times?";
        if (overview.MostSessions <= 1)
        {
            return overview.HasTimes ? null : new(Question, "This input shows one session, so it cannot tell how often the client came; the mail log of that time can.", [.. Reasons(overview)]);
        }

        var text = $"The most frequent client came {Times(overview.MostSessions)}.";
        if (overview.LargestBurst is { } burst && ClientLines.IsBurst(burst))
        {
            text += $" Its largest burst: {SayBurst(burst.Sessions, Moments.Between(burst.From, burst.To))}.";
        }

        return new(Question, text, [.. Reasons(overview)]);
    }

    private IEnumerable<string> Reasons(Overview overview) => overview.Causes
        .Where(total => total.Cause != Cause.Unclear)
        .DistinctBy(total => total.Cause).Take(3)
        .Select(total => total.Certainty == Certainty.AlmostCertain
            ? WhyAgain(total.Cause)
            : $"If it is {Name(total.Cause)}: {WhyAgain(total.Cause)}")
        .DefaultIfEmpty(WhyAgain(Cause.Unclear));

    private static Answer? Feature(Overview overview)
    {
        var dot = overview.Find(Behaviour.LoneDot) is not null;
        var blank = overview.Find(Behaviour.BlankLine) is not null;
        if (!dot && !blank)
        {
            return null;
        }

        var text = new List<string> { "No." };
        if (dot)
        {
            text.Add("A line with a lone dot (CR LF . CR LF) ends a message, but only after DATA. Here it stands where a command belongs, so it ends nothing: it is a command that SMTP does not have.");
            text.Add("The server is right to refuse it: 502 5.5.2 or 500 5.5.2 (command not recognized), and since Postfix 3.7 it replies 221 2.7.0 and disconnects.");
        }

        if (blank)
        {
            text.Add("A blank line is no command either; 500 5.5.2 (bad syntax) is the right reply.");
        }

        text.Add("SMTP has no feature that could be tested this way, and no setting needs a change.");
        var what = dot && blank ? "Are the lone dot and the blank line" : dot ? "Is the lone dot" : "Is the blank line";
        return new($"{what} a feature test that Postfix answers wrongly?", string.Join(' ', text), []);
    }

    private Answer ToDo(Overview overview)
    {
        var items = new List<string>();
        Add(Verdict.Ban, "ban temporarily (default: 1 hour after 10 failures in 10 minutes)");
        Add(Verdict.Watch, "not enough for a ban");
        Add(Verdict.Protect, "send mail and did nothing hostile; do not ban");
        Add(Verdict.Ignore, "harmless");
        var text = overview.Count(Verdict.Ban) > 0
            ? "A temporary ban is enough: a genuine sender that is banned by mistake retries later. 'postern run --dry-run' shows whom it would ban, 'postern run' bans them."
            : overview.HasForwarders ? "Nobody has to be banned on this log alone." : "No client reached the ban limit (10 failures in 10 minutes).";
        if (overview.HasUnnamed)
        {
            text += " Where a transcript names no client, the mail log of the same time has the address.";
        }

        if (overview.Find(Behaviour.LoneDot) is not null || overview.Find(Behaviour.BlankLine) is not null)
        {
            text += " A fail2ban filter on \"reject: RCPT from ...: 502 5.5.2\" does not help: Postfix writes no such line for an unknown command.";
        }

        if (overview.LacksText)
        {
            text += " The log does not keep what some clients sent; with protocol added to notify_classes, Postfix mails the transcripts, which Postern reads too.";
        }

        return new("What to do?", text, items);

        void Add(Verdict verdict, string what)
        {
            if (overview.Count(verdict) is > 0 and var count)
            {
                items.Add($"{Clients(count)}: {what}");
            }
        }
    }
}
