using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    private const int BehavioursTold = 6;

    /// <inheritdoc/>
    public IReadOnlyList<Answer> Summarise(Overview overview)
    {
        if (overview.Clients == 0)
        {
            return [new("What is knocking?", overview.Explanation.Sessions == 0
                ? "No SMTP session was found in this input."
                : "Nothing: every client did nothing but deliver mail.", [])];
        }

        var answers = new List<Answer> { What(overview), Causes(overview), Again(overview) };
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
        var limits = load.LimitsExceeded == 0 ? "" : $"Postfix reported {Times(load.LimitsExceeded)} that a client went over one of its limits.";
        if (load.IsDenialOfService)
        {
            return Join([$"It could be: the busiest minute ({Moments.Stamp(load.PeakAt)}) held {Sessions(load.PeakSessionsPerMinute)}, enough to keep genuine senders waiting.", limits]);
        }

        if (!hasTimes || !load.PeakAt.IsKnown)
        {
            return Join(["That cannot be measured here, for the input has no times; nothing in it points to one.", limits]);
        }

        return Join([$"No. The busiest minute ({Moments.Stamp(load.PeakAt)}) held {Sessions(load.PeakSessionsPerMinute)} of such clients; that disturbs the log, not the service.", limits]);
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

        return new("What is knocking?", $"{Clients(overview.Clients)} did something other than plain delivery, in {Sessions(overview.Sessions)}."
            + (overview.HasUnnamed ? " Not every transcript names its client; those that do not are counted as one." : ""), items);
    }

    private Answer Causes(Overview overview)
    {
        const string Question = "What causes it?";
        if (overview.Causes.All(total => total.Cause == Cause.Unclear))
        {
            return new(Question, "That cannot be told from this evidence.", []);
        }

        return overview.Causes is [{ Clients: 1 } only]
            ? new(Question, $"{SayCause(only)}.", [])
            : new(Question, $"By the share of the {Sessions(overview.Sessions)}:",
                [.. overview.Causes.Select(total => $"{PerCent((double)total.Sessions / Math.Max(1, overview.Sessions))}: {SayCause(total)} ({Sessions(total.Sessions)} of {Clients(total.Clients)})")]);
    }

    private string SayCause(CauseTotal total) => total.Certainty switch
    {
        Certainty.AlmostCertain => $"Almost certainly {Name(total.Cause)}",
        Certainty.Probably => $"Probably {Name(total.Cause)}",
        Certainty.Perhaps => $"Perhaps {Name(total.Cause)}",
        _ => "The cause cannot be told",
    };

    private Answer Again(Overview overview)
    {
        const string Question = "Why so often at each host?";
        if (overview.MostSessions <= 1)
        {
            return new(Question, overview.HasTimes
                ? "It does not: no client came more than once in this input."
                : "This input shows one session, so it cannot tell how often the client came; the mail log of that time can.",
                overview.HasTimes ? [] : [.. Reasons(overview)]);
        }

        var text = $"The most frequent client came {Times(overview.MostSessions)}.";
        if (overview.LargestBurst is { Sessions: > 1 } burst)
        {
            text += $" The largest burst held {Sessions(burst.Sessions)} within {Duration(Moments.Between(burst.From, burst.To))}.";
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
            text.Add("The server is right to refuse it: 502 5.5.2 or 500 5.5.2 (command not recognized), and since Postfix 3.7 a farewell of 221 2.7.0 and the end of the connection.");
        }

        if (blank)
        {
            text.Add("A blank line is no command either; 500 5.5.2 (bad syntax) is the right reply.");
        }

        text.Add("SMTP has no feature that could be tried out this way, and no setting would make a better answer.");
        var what = dot && blank ? "Are the lone dot and the blank line" : dot ? "Is the lone dot" : "Is the blank line";
        return new($"{what} a probe of a feature, answered wrongly?", string.Join(' ', text), []);
    }

    private Answer ToDo(Overview overview)
    {
        var items = new List<string>();
        Add(Verdict.Ban, "ban for a time");
        Add(Verdict.Watch, "watch; not enough for a ban");
        Add(Verdict.Protect, "deliver mail and did nothing hostile; never ban on this evidence");
        Add(Verdict.Ignore, "ignore; harmless");
        var text = overview.Count(Verdict.Ban) > 0
            ? "A ban for a time is enough; genuine senders come again, bots lose their time."
            : "Nobody here has to be banned on this evidence.";
        if (overview.HasUnnamed)
        {
            text += " Where a transcript names nobody, the mail log of the same time tells the address.";
        }

        if (overview.Find(Behaviour.LoneDot) is not null || overview.Find(Behaviour.BlankLine) is not null)
        {
            text += " A fail2ban filter on \"reject: RCPT from ...: 502 5.5.2\" does not help: Postfix writes no such line for a command that it does not know.";
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
