using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>Clients that bring mail, well or badly, and those that only look whether the server is up.</summary>
internal static class Senders
{
    public static Actor Ordinary { get; } = Actor.Tool(new("198.51.100.10", "mail.sender.example"), "delivers two messages", 180,
        "for i in 1 2; do swaks --server $MX --timeout 20 --helo mail.sender.example --from a@sender.example --to alice@example.org; sleep 2; done");

    public static Actor Busy { get; } = Actor.Tool(new("198.51.100.11", "mx.many.example"), "delivers twelve messages over TLS", 180,
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do swaks --server $MX --timeout 20 -tls --helo mx.many.example --from l@many.example --to bob@example.org; done");

    public static Actor WithTypo { get; } = Actor.Tool(new("198.51.100.12", "out.typo.example"), "delivers, and once mistypes the recipient", 180,
        "for r in alice bob alcie alice bob alice; do swaks --server $MX --timeout 20 --helo out.typo.example --from l@typo.example --to $r@example.org; done");

    public static Actor User { get; } = Actor.Tool(new("198.51.100.13", "cust-13.access.isp.example"), "logs in on submission, mistyping the password once", 180, """
        swaks="swaks --server $MX --port 587 -tls --timeout 20 --helo laptop --from alice@example.org --to f@friend.example --auth-user alice@mx.example.org"
        $swaks --auth LOGIN --auth-password wrong
        $swaks --auth PLAIN --auth-password secret
        """);

    public static Actor OrdinaryV6 { get; } = Actor.Tool(new("2001:db8::11", "six.sender.example"), "delivers twice over IPv6", 180,
        "for i in 1 2; do swaks --server $MX -6 --timeout 20 --helo six.sender.example --from a@sender.example --to alice@example.org; sleep 2; done");

    public static Actor GoesOnAfterRefusal { get; } = Actor.Talk(new("203.0.113.19", "out.faulty.example"), "sends its message after its recipient was refused", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO out.faulty.example");
        await s.Ask("MAIL FROM:<news@faulty.example>");
        await s.Ask("RCPT TO:<gone@example.org>");
        await s.Ask("DATA");
        await s.Ask("Subject: hello");
        await s.Send("\r\nHello there\r\n.\r\n");
        await s.Hear(TimeSpan.FromSeconds(1));
    });

    public static Actor DotAfterRefusal { get; } = Actor.Talk(new("203.0.113.20", "out.faulty2.example"), "ends its message with a dot though DATA was refused", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO out.faulty2.example");
        await s.Ask("MAIL FROM:<news@faulty2.example>");
        await s.Ask("RCPT TO:<gone@example.org>");
        await s.Ask("DATA");
        if ((await s.Ask(".")).StartsWith('5'))
        {
            await s.Ask("QUIT");
        }
    });

    public static Actor DistrustsCertificate { get; } = Actor.Tool(new("203.0.113.21", "mx.strict.example"), "breaks off TLS: it does not trust the certificate", 180,
        "for i in 1 2 3; do openssl s_client -starttls smtp -name mx.strict.example -connect $MX:25 -verify_return_error </dev/null; sleep 2; done");

    public static Actor OldTls { get; } = Actor.Tool(new("203.0.113.22", "mx.oldtls.example"), "speaks TLS 1.0 only", 180,
        "for i in 1 2; do openssl s_client -starttls smtp -name mx.oldtls.example -connect $MX:25 -tls1 -cipher ALL:@SECLEVEL=0 </dev/null; sleep 2; done");

    /// <summary>How often the steady ones come: enough that a busy machine may be late with two of them.</summary>
    public const int SteadySessions = 12;

    public static Actor Monitor { get; } = Steady("203.0.113.17", "monitor.example", "EHLO and QUIT every five seconds", async s =>
    {
        await s.Hear();
        await s.Ask("EHLO monitor.example");
        await s.Ask("QUIT");
    });

    public static Actor PortCheck { get; } = Steady("203.0.113.18", "check.example", "connects and leaves every five seconds", s => s.Hear());

    public static Actor Listed { get; } = Actor.Tool(new("192.0.2.99", "dyn-99.isp.example"), "a sender that the DNS list names", 180,
        "for i in 1 2 3 4; do swaks --server $MX --timeout 20 --helo pc99 --from a@spam.example --to alice@example.org; done");

    public static Actor ForgesHelo { get; } = Actor.Tool(new("203.0.113.29"), "greets with the server's own name", 180,
        "for i in 1 2 3 4; do swaks --server $MX --timeout 20 --helo mx.example.org --from a@spam.example --to alice@example.org; done");

    public static IReadOnlyList<Actor> Genuine { get; } =
        [Ordinary, Busy, WithTypo, User, OrdinaryV6, GoesOnAfterRefusal, DotAfterRefusal, DistrustsCertificate, OldTls];

    public static IReadOnlyList<Actor> All { get; } = [.. Genuine, Monitor, PortCheck, Listed, ForgesHelo];

    private static Actor Steady(string address, string name, string does, Func<Dialogue, Task> session) =>
        new(new Host(address, name), does, async (me, ct) =>
        {
            using var clock = new PeriodicTimer(TimeSpan.FromSeconds(5));
            for (var i = 0; i < SteadySessions; i++)
            {
                await Actor.TalkOnce(me, session, 25, ct);
                if (i < SteadySessions - 1)
                {
                    await clock.WaitForNextTickAsync(ct);
                }
            }
        });
}
