using Postern.Decisions;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions;

public sealed class JailScorerTests
{
    [Theory]
    [InlineData(10, 1, Verdict.Ban)]
    [InlineData(9, 1, Verdict.Watch)]
    [InlineData(10, 66, Verdict.Ban)]
    [InlineData(10, 67, Verdict.Watch)]
    [InlineData(49, 67, Verdict.Watch)]
    [InlineData(50, 3 * 3600, Verdict.Ban)]
    [InlineData(50, 4 * 3600, Verdict.Watch)]
    public void Ten_knocks_within_ten_minutes_are_a_ban(int knocks, double pause, Verdict verdict) =>
        Judge(Marks.Many(knocks, pause, Behaviour.LoneDot)).ShouldBe(verdict);

    [Fact]
    public void The_window_may_be_anywhere_in_the_history() =>
        Judge([.. Marks.Many(20, 3600, Behaviour.LoneDot), .. Enumerable.Range(0, 10).Select(i => Marks.Of(90_000 + i, Behaviour.LoneDot)), Marks.Of(200_000, Behaviour.Hangup)])
            .ShouldBe(Verdict.Ban);

    [Theory]
    [InlineData(Behaviour.AuthFailure, 39, 40)]
    [InlineData(Behaviour.RejectedMail, 39, 40)]
    [InlineData(Behaviour.AuthNotOffered, 19, 20)]
    [InlineData(Behaviour.EarlyTalker, 19, 20)]
    [InlineData(Behaviour.PipeliningAbuse, 19, 20)]
    public void Lesser_things_need_more_of_them(Behaviour behaviour, int few, int enough)
    {
        Judge(Marks.Many(few, 1, behaviour)).ShouldBe(Verdict.Watch);
        Judge(Marks.Many(enough, 1, behaviour)).ShouldBe(Verdict.Ban);
    }

    [Fact]
    public void Failed_logins_within_one_session_count_one_by_one()
    {
        var mark = Marks.Of(0, Behaviour.AuthBruteForce);
        Judge([mark with { Failures = 9 }]).ShouldBe(Verdict.Watch);
        Judge([mark with { Failures = 10 }]).ShouldBe(Verdict.Ban);
    }

    [Fact]
    public void A_session_counts_by_the_heaviest_thing_it_showed() =>
        Judge(Marks.Many(9, 1, Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand)).ShouldBe(Verdict.Watch);

    [Theory]
    [InlineData(Behaviour.OutOfStep)]
    [InlineData(Behaviour.Hangup)]
    [InlineData(Behaviour.ProbeAndQuit)]
    public void Some_things_never_are_a_ban_however_often(Behaviour behaviour) =>
        Judge(Marks.Many(5_000, 0.1, behaviour)).ShouldNotBe(Verdict.Ban);

    [Fact]
    public void A_refused_message_of_a_sender_out_of_step_counts_nothing() =>
        Judge(Marks.Many(500, 1, Behaviour.OutOfStep, Behaviour.RejectedMail), cause: Cause.FaultySender).ShouldBe(Verdict.Watch);

    [Theory]
    [InlineData(Cause.FaultySender, Behaviour.RejectedMail, SessionTraits.RecipientAccepted, Verdict.Watch)]
    [InlineData(Cause.FaultySender, Behaviour.RejectedMail, SessionTraits.None, Verdict.Ban)]
    [InlineData(Cause.SpamBot, Behaviour.RejectedMail, SessionTraits.RecipientAccepted, Verdict.Ban)]
    [InlineData(Cause.FaultySender, Behaviour.UserEnumeration, SessionTraits.RecipientAccepted, Verdict.Ban)]
    public void Mail_that_is_refused_for_its_content_is_no_ban_of_what_looks_most_like_a_mail_server(Cause cause, Behaviour behaviour, SessionTraits traits, Verdict verdict)
    {
        SessionMark[] Marked(int count, double pause) => [.. Marks.Many(count, pause, behaviour).Select(mark => mark with { Traits = traits })];
        Judge(Marked(60, 0.2), cause: cause).ShouldBe(verdict);
        Judge(Marked(60, 0.2), accepted: 1, cause: cause).ShouldBe(verdict);
        // Nor where it goes on for weeks, an hour between two.
        (Judge(Marked(500, 3600), cause: cause) == Verdict.Ban).ShouldBe(verdict == Verdict.Ban && Judge(Marked(500, 3600), cause: Cause.SpamBot) == Verdict.Ban);
    }

    [Theory]
    [InlineData(Cause.FaultySender)]
    [InlineData(Cause.SpamBot)]
    public void What_no_sender_does_counts_in_the_long_window_whatever_it_looks_most_like(Cause cause)
    {
        Judge(Marks.Many(60, 3600, Behaviour.LoneDot), cause: cause).ShouldBe(Verdict.Ban);
        Judge(Marks.Many(40, 3600, Behaviour.LoneDot), cause: cause).ShouldBe(Verdict.Watch);
    }

    [Theory]
    [InlineData(Behaviour.ProbeAndQuit)]
    [InlineData(Behaviour.Hangup)]
    public void A_monitor_is_ignored(Behaviour behaviour) =>
        Judge(Marks.Many(2_000, 5, behaviour), cause: Cause.Monitor).ShouldBe(Verdict.Ignore);

    [Fact]
    public void Nobody_is_banned_where_no_source_names_the_client() =>
        Judge(Marks.Many(100, 1, Behaviour.LoneDot), isKnown: false).ShouldBe(Verdict.Watch);

    [Fact]
    public void A_sender_whose_mail_was_refused_many_times_is_protected_if_a_tenth_as_much_was_accepted()
    {
        SessionMark[] marks = [.. Marks.Many(200, 1, Behaviour.RejectedMail).Select(static mark => mark with { Traits = SessionTraits.SomeAccepted })];
        Judge(marks, accepted: 20).ShouldBe(Verdict.Protect);
        Judge(Marks.Many(200, 1, Behaviour.RejectedMail), accepted: 1).ShouldBe(Verdict.Ban);
        Judge(Marks.Many(20, 1, Behaviour.RejectedMail), accepted: 1).ShouldBe(Verdict.Protect);
    }

    [Fact]
    public void Mail_does_not_buy_off_knocks()
    {
        SessionMark[] marks = [Marks.Of(0, Behaviour.Delivered, Behaviour.LoneDot), .. Marks.Many(10, 1, Behaviour.LoneDot)];
        Judge(marks, accepted: 1).ShouldBe(Verdict.Ban);
        Judge(Marks.Many(3, 1, Behaviour.LoneDot), accepted: 1).ShouldBe(Verdict.Watch);
    }

    [Fact]
    public void A_user_who_can_log_in_is_not_banned_for_mistyping() =>
        Judge(Marks.Many(200, 1, Behaviour.AuthFailure), loggedIn: 1).ShouldBe(Verdict.Protect);

    [Fact]
    public void A_guess_that_was_right_protects_nobody() =>
        Judge(Marks.Many(50, 1, Behaviour.AuthBruteForce), loggedIn: 1).ShouldBe(Verdict.Ban);

    [Fact]
    public void A_lone_port_check_is_ignored() => Judge(Marks.Many(3, 60, Behaviour.Hangup)).ShouldBe(Verdict.Ignore);

    [Fact]
    public void The_settings_decide() =>
        new JailScorer(new JailOptions { MaxRetry = 2, FindTime = TimeSpan.FromSeconds(5) }, new PersistenceOptions())
            .Judge(Marks.Many(2, 5, Behaviour.LoneDot), 0, 0, Cause.Unclear, isKnown: true).ShouldBe(Verdict.Ban);

    [Fact]
    public void One_tenth_a_hundred_times_is_ten_in_spite_of_binary_fractions() =>
        JailWindow.ReachesEver(Marks.Many(100, 1, Behaviour.TlsHandshakeFailure), new JailOptions { Weights = new Dictionary<Behaviour, double> { [Behaviour.TlsHandshakeFailure] = 0.1 } }).ShouldBeTrue();

    [Theory]
    [InlineData(Behaviour.TlsOnPlaintext, SessionTraits.None)]
    [InlineData(Behaviour.TlsHandshakeFailure, SessionTraits.None)]
    [InlineData(Behaviour.ServerTrouble, SessionTraits.None)]
    [InlineData(Behaviour.RejectedMail, SessionTraits.OnlyDeferred)]
    [InlineData(Behaviour.DnsblListed, SessionTraits.OnlyDeferred)]
    [InlineData(Behaviour.RejectedMail, SessionTraits.OnlyDeferred | SessionTraits.NameDeferred)]
    [InlineData(Behaviour.SmugglingAttempt, SessionTraits.RecipientAccepted)]
    [InlineData(Behaviour.HeloForgery, SessionTraits.LocalHelo)]
    [InlineData(Behaviour.RelayProbe, SessionTraits.OnSubmission)]
    [InlineData(Behaviour.GarbageCommand, SessionTraits.OnSubmission | SessionTraits.OneUnknownCommand)]
    public void What_honest_software_does_never_bans_alone(Behaviour behaviour, SessionTraits traits) =>
        Judge([.. Marks.Many(1000, 0.5, behaviour).Select(mark => mark with { Traits = traits })]).ShouldBe(Verdict.Watch);

    [Theory]
    [InlineData(Behaviour.GarbageCommand, SessionTraits.OnSubmission)]
    [InlineData(Behaviour.GarbageCommand, SessionTraits.OneUnknownCommand)]
    [InlineData(Behaviour.RelayProbe, SessionTraits.OnlyDeferred)]
    [InlineData(Behaviour.LoneDot, SessionTraits.OnlyDeferred | SessionTraits.LocalHelo | SessionTraits.OnSubmission | SessionTraits.RecipientAccepted)]
    public void It_excuses_nothing_else(Behaviour behaviour, SessionTraits traits) =>
        Judge([.. Marks.Many(10, 1, behaviour).Select(mark => mark with { Traits = traits })]).ShouldBe(Verdict.Ban);

    [Fact]
    public void A_deferral_for_a_name_counts_a_little_beside_something_else()
    {
        var mark = Marks.Of(0, Behaviour.EarlyTalker);
        JailWeights.Of(mark with { Traits = SessionTraits.NameDeferred }).ShouldBe(JailWeights.Of(mark) + 0.1, 1e-9);
    }

    [Fact]
    public void A_stranger_whose_foreign_recipients_were_accepted_is_not_protected() =>
        Judge([Marks.Of(0, Behaviour.ServerTrouble, Behaviour.Delivered) with { Traits = SessionTraits.RelaysForeign | SessionTraits.Accepted }], accepted: 1).ShouldNotBe(Verdict.Protect);

    [Fact]
    public void Every_behaviour_weighs_between_nothing_and_one() =>
        Enum.GetValues<Behaviour>().Select(JailWeights.Of).ShouldAllBe(weight => weight >= 0 && weight <= 1);

    private static Verdict Judge(SessionMark[] marks, int accepted = 0, int loggedIn = 0, Cause cause = Cause.Unclear, bool isKnown = true) =>
        new JailScorer(new JailOptions(), new PersistenceOptions()).Judge(marks, accepted, loggedIn, cause, isKnown);
}
