namespace Postern.SystemTests.Captures;

/// <summary>The tools that people really scan and attack mail servers with.</summary>
internal static class Scanners
{
    public static Actor NmapVersion { get; } = Actor.Tool(new("192.0.2.10"), "nmap -sV", 150,
        "nmap -n -Pn -sV -p 25,465,587 $MX");

    public static Actor NmapVersionOfSlowServer { get; } = Actor.Tool(new("192.0.2.21"), "nmap -sV of a port that greets late", 180,
        "nmap -n -Pn -sV --version-intensity 3 -p 2525 $MX");

    public static Actor NmapScripts { get; } = Actor.Tool(new("192.0.2.11"), "nmap's smtp-commands, smtp-open-relay, smtp-enum-users", 180,
        "nmap -n -Pn -p 25 --script smtp-commands,smtp-open-relay,smtp-enum-users $MX");

    public static Actor NmapCiphers { get; } = Actor.Tool(new("192.0.2.12"), "nmap's ssl-enum-ciphers through STARTTLS", 180,
        "nmap -n -Pn -p 25 --script ssl-enum-ciphers $MX");

    // sslscan takes one read for one reply. postscreen answers an early EHLO with the greeting and the reply, and where
    // they come in two reads sslscan gives up at once; then it is begun again, as a person would.
    public static Actor Sslscan { get; } = Actor.Tool(new("192.0.2.13"), "sslscan --starttls-smtp", 240, """
        for try in 1 2 3 4 5 6 7 8 9 10; do
            sslscan --no-colour --timeout=30 --starttls-smtp $MX:25 | grep -q '^Preferred' && break
            sleep 1
        done
        """);

    // A whole testssl run takes minutes; protocols and the standard cipher lists tell the same story.
    public static Actor Testssl { get; } = Actor.Tool(new("192.0.2.14"), "testssl.sh --starttls smtp", 240,
        "testssl --warnings off --ip one -p -s --starttls smtp $MX:25");

    public static Actor Hydra { get; } = Actor.Tool(new("192.0.2.15", "host-15.dynamic.isp.example"), "hydra guesses passwords", 180, """
        folder=$(mktemp -d)
        printf 'a1\nb2\nc3\nd4\ne5\nf6\ng7\nh8\n' >$folder/passwords
        printf 'alice\nroot\nadmin\n' >$folder/users
        hydra -L $folder/users -P $folder/passwords -t 4 $MX smtp
        rm -r $folder
        """);

    public static Actor HydraOnSubmission { get; } = Actor.Tool(new("192.0.2.22", "host-22.dynamic.isp.example"), "hydra guesses passwords on submission", 180, """
        folder=$(mktemp -d)
        printf 'a1\nb2\nc3\nd4\ne5\nf6\n' >$folder/passwords
        printf 'alice\nroot\n' >$folder/users
        hydra -L $folder/users -P $folder/passwords -t 2 smtp://$MX:587/TLS
        rm -r $folder
        """);

    public static Actor CurlHttp { get; } = Actor.Tool(new("192.0.2.16"), "curl http://host:25", 180,
        "curl -s -m 10 http://$MX:25/; curl -s -m 10 -d a=b http://$MX:25/wp-login.php");

    // A hello shows in the log where it is there before the greeting, or where one of its random bytes is a line feed.
    public static Actor CurlHttps { get; } = Actor.Tool(new("192.0.2.17"), "curl https://host:25", 180,
        "for port in 25 $BUSY $BUSY $BUSY $BUSY; do curl -sk -m 120 https://$MX:$port/ & done; wait");

    public static Actor OpensslPlain { get; } = Actor.Tool(new("192.0.2.18"), "openssl s_client on port 25, no STARTTLS", 180,
        "for port in 25 $BUSY $BUSY $BUSY $BUSY; do openssl s_client -connect $MX:$port </dev/null & done; wait");

    // It waits for each answer: what is said ahead of the server's turn would be another behaviour.
    public static Actor OpensslStartTls { get; } = Actor.Tool(new("192.0.2.19"), "openssl s_client -starttls smtp, and QUIT", 180, """
        coproc openssl s_client -starttls smtp -connect $MX:25 -ign_eof
        greeted=
        while IFS= read -r line <&${COPROC[0]}; do
          case $line in
            *'Verify return code'*) [ $greeted ] || printf 'EHLO look.example\r\n' >&${COPROC[1]}; greeted=yes ;;
            '250 '*) printf 'QUIT\r\n' >&${COPROC[1]} ;;
          esac
        done
        """);

    public static Actor SwaksRelay { get; } = Actor.Tool(new("192.0.2.20", "relay-20.example.net"), "swaks asks for relay, six times", 180,
        "for i in 1 2 3 4 5 6; do swaks --server $MX --timeout 20 --helo relay-test.example --from a@spam.example --to victim$i@elsewhere.example; done");

    public static Actor VrfyEnumeration { get; } = Actor.Talk(new("203.0.113.15"), "VRFY of 36 names", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO enum");
        for (var i = 0; i < 12; i++)
        {
            await s.Ask($"VRFY user{i}");
        }

        await s.Ask("QUIT");
    });

    public static Actor RcptEnumeration { get; } = Actor.Talk(new("203.0.113.16"), "RCPT of 45 names that do not exist", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO enum.example");
        await s.Ask("MAIL FROM:<a@b.example>");
        for (var i = 0; i < 15; i++)
        {
            await s.Ask($"RCPT TO:<u{i}@example.org>");
        }

        await s.Ask("QUIT");
    });

    public static Actor AuthBeforeTls { get; } = Actor.Talk(new("203.0.113.30"), "AUTH before STARTTLS on submission", 4, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO x");
        await s.Ask("AUTH LOGIN");
        await s.Ask("QUIT");
    }, port: 587);

    public static IReadOnlyList<Actor> All { get; } =
    [
        NmapVersion, NmapVersionOfSlowServer, NmapScripts, NmapCiphers, Sslscan, Testssl, Hydra, HydraOnSubmission, CurlHttp, CurlHttps,
        OpensslPlain, OpensslStartTls, SwaksRelay, VrfyEnumeration, RcptEnumeration, AuthBeforeTls,
    ];
}
