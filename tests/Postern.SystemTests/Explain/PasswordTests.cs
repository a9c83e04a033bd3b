using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>Logins: guessed, mistyped, not offered.</summary>
public sealed class PasswordTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.Smtpd), MemberType = typeof(Views))]
    public async Task Guessing_on_port_25_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.Hydra);
        client.Showed("auth-brute-force").ShouldBeGreaterThan(0, client.ToString());
        client.Cause.ShouldBe("password-guesser", client.ToString());
        client.Verdict.ShouldBe("ban", client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Guessing_on_submission_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.HydraOnSubmission);
        client.Showed("auth-brute-force").ShouldBeGreaterThan(0, client.ToString());
        client.Verdict.ShouldBe("ban", client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_user_who_mistypes_once_is_no_guesser(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.User);
        client.Showed("auth-failure").ShouldBe(1, client.ToString());
        client.Showed("auth-brute-force").ShouldBe(0, client.ToString());
        client.Showed("delivered").ShouldBe(1, client.ToString());
        client.Verdict.ShouldBe("protect", client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_login_before_tls_on_submission_is_one_that_was_not_finished(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.AuthBeforeTls);
        client.Showed("auth-failure").ShouldBe(4, client.ToString());
        client.Showed("auth-not-offered").ShouldBe(0, client.ToString());
        client.Verdict.ShouldBe("watch", client.ToString());
    }
}
