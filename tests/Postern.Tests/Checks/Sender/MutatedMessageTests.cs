using System.Globalization;
using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Checks.Sender;

/// <summary>
/// Messages whose octets are damaged at random, over a DNS that answers oddly at random. No exception escapes, what a forger sends is
/// never accepted, and of the author's own server nothing is refused for what the DNS does.
/// </summary>
public sealed class MutatedMessageTests(ITestOutputHelper output)
{
    private const int Messages = 3000;

    private static readonly SignedMessage s_victim = SignedMessage.Rsa(1024);
    private static readonly SignedMessage s_forger = SignedMessage.Rsa(1024);

    private static readonly FakeZone s_zone = new($"""
        192.0.2.10 PTR mail.victim.example
        mail.victim.example A 192.0.2.10
        victim.example TXT v=spf1 ip4:192.0.2.10 -all
        victim.example MX 10 mail.victim.example
        _dmarc.victim.example TXT v=DMARC1; p=reject
        s._domainkey.victim.example TXT p={s_victim.PublicKey}
        198.51.100.7 PTR mx.forger.example
        mx.forger.example A 198.51.100.7
        forger.example TXT v=spf1 ip4:198.51.100.7 -all
        forger.example MX 10 mx.forger.example
        s._domainkey.forger.example TXT p={s_forger.PublicKey}
        """);

    private static readonly string[] s_snippets =
    [
        "\r\n", "\r", "\n", "\0", " ", ":", ";", "=", "@", "<", ">", "\"", "\\", "(", ")", ",", "[", "]", "\t", "\u00e4", "\u00ff\u00fe", "From: boss@victim.example\r\n", "From:\r\n", "\r\n ", "=?utf-8?q?a=40b?=",
        "DKIM-Signature: ", "ARC-Seal: i=1; cv=none; d=forger.example; s=s; a=rsa-sha256; b=AAAA\r\n", "i=", "b=", "d=victim.example; ", "xn--zzzz-.example", "l=5; ", "h=from:from:from; ", "(((((", "boss@victim.example, ", ":;", "List-Id: <l.forger.example>\r\n",
    ];

    [Fact]
    public async Task A_damaged_message_escapes_by_no_exception_and_gains_a_forger_nothing()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("POSTERN_DIFFERENTIAL_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 1;
        output.WriteLine($"POSTERN_DIFFERENTIAL_SEED={seed}");
        var random = new Random(seed);
        byte[][] forged =
        [
            SignedMessage.Bytes(s_forger.Sign(SignedMessage.Plain("boss@victim.example"), "forger.example")),
            SignedMessage.Bytes(await s_forger.SealAsync(SignedMessage.Plain("boss@victim.example", listId: "<l.forger.example>"), "forger.example", "mx.forger.example; dmarc=pass header.from=victim.example")),
            Encoding.ASCII.GetBytes("From: boss@victim.example\r\nTo: you@we.example\r\nSubject: pay\r\n\r\nhello\r\n"),
        ];
        byte[] genuine = s_victim.ByHand("boss@victim.example", "victim.example");
        var failures = new List<string>();
        for (var i = 0; i < Messages; i++)
        {
            var isForged = i % 4 != 0;
            var message = Damage(isForged ? forged[i % forged.Length] : genuine, random);
            var dns = new OddDns(s_zone, random.Next(4) == 0 ? new Random(random.Next()) : null);
            try
            {
                var verdict = await JudgeAsync(message, dns, isForged);
                var shown = Encoding.Latin1.GetString(message);
                // Damage may make the author another one, whom nobody protects.
                if (isForged && NamesVictim(shown) && (verdict.Legitimacy == Legitimacy.Genuine || verdict.Advice == Advice.Accept))
                {
                    failures.Add($"forged, {verdict.Legitimacy}, {verdict.Advice}: {string.Join("; ", verdict.Tests.Where(t => t.Name is "dkim" or "dmarc" or "arc").Select(t => $"{t.Name} {t.Result} {t.Detail}"))}: {shown}");
                }
                // The author's own server, and SPF that answered: whatever befell the message.
                if (!isForged && dns.Spoiled == 0 && IsOnlyVictims(shown) && verdict.Advice == Advice.Reject)
                {
                    failures.Add($"genuine, refused: {string.Join("; ", verdict.Tests.Select(t => $"{t.Name} {t.Result} {t.Detail}"))}: {shown}");
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failures.Add($"{e}: {Encoding.Latin1.GetString(message)}");
            }
        }

        failures.ShouldBeEmpty();
    }

    // A line that every reader takes for the author's.
    private static bool NamesVictim(string message) =>
        message[..(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0 ? end : message.Length)].Split("\r\n").Count(l => l is "From: boss@victim.example") == 1;

    private static bool IsOnlyVictims(string message) => NamesVictim(message) && message.Split("From", StringSplitOptions.None).Length == 2 && !message.Contains("forger", StringComparison.Ordinal);

    private static byte[] Damage(byte[] message, Random random)
    {
        var text = Encoding.Latin1.GetString(message);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(text.Length);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                1 => text[..at] + (char)random.Next(256) + text[(at + 1)..],
                2 => text.Insert(at, text.Substring(random.Next(text.Length / 2), random.Next(text.Length / 2))),
                _ => text.Insert(at, s_snippets[random.Next(s_snippets.Length)]),
            };
            if (text.Length == 0)
            {
                break;
            }
        }

        return Encoding.Latin1.GetBytes(text);
    }

    private static async Task<SenderVerdict> JudgeAsync(byte[] message, IResolver dns, bool isForged)
    {
        ClientAddress.TryParse(isForged ? "198.51.100.7" : "192.0.2.10", out var client).ShouldBeTrue();
        var check = new SenderCheck(dns, new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(
            new() { Address = client, Helo = isForged ? "mx.forger.example" : "mail.victim.example", Sender = isForged ? "x@forger.example" : "boss@victim.example", Message = message },
            TestContext.Current.CancellationToken);
        facts.AuthenticationResults.ShouldAllBe(line => !line.Contains('\n') && !line.Contains('\r') && Ascii.IsValid(line));
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }

    /// <summary>Answers some questions oddly: with nothing in time, an error, no such name, rubbish texts, or hundreds of records.</summary>
    private sealed class OddDns(FakeZone zone, Random? random) : IResolver
    {
        public int Spoiled { get; private set; }

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            var answer = zone.Answer(question);
            // What the victim publishes is true; what is odd elsewhere is the forger's doing, or an accident.
            if (random is null || random.Next(3) > 0)
            {
                return new(answer);
            }

            Spoiled++;
            var isVictims = question.Name.EndsWith("victim.example", StringComparison.OrdinalIgnoreCase);
            return new((isVictims ? 0 : random.Next(4)) switch
            {
                0 => DnsAnswer.Without(random.Next(2) == 0 ? DnsStatus.Timeout : DnsStatus.ServerFailure, "no answer"),
                1 => DnsAnswer.Without(DnsStatus.NxDomain),
                2 when question.Type == DnsType.Txt => answer with { Status = DnsStatus.Answer, Texts = [new string('\u00ff', 300), "v=spf1 ;;;%{", "v=DMARC1; p=", "p=AAAA; k=\0"] },
                2 when question.Type == DnsType.Ptr => answer with { Status = DnsStatus.Answer, Names = ["", "\0\u00ff", "a b\n.example", new string('x', 300)] },
                _ => answer with { Status = DnsStatus.Answer, Addresses = question.Type is DnsType.A ? [.. Enumerable.Range(0, 300).Select(_ => Address("203.0.113.9"))] : answer.Addresses, Truncated = true },
            });
        }

        private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : default;
    }
}
