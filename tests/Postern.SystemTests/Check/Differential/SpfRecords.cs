using System.Globalization;
using System.Text;

namespace Postern.SystemTests.Check.Differential;

/// <summary>A sender whose domain has a random policy.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Record">Its policy, ASCII.</param>
/// <param name="Client">The client's address.</param>
/// <param name="Sender">The sender; empty where the HELO name is judged.</param>
/// <param name="Helo">The HELO name.</param>
internal sealed record SpfRandomCase(string Domain, string Record, string Client, string Sender, string Helo)
{
    /// <summary>The line for the references.</summary>
    public string Line => $"{Client}\t{Sender}\t{Helo}";
}

/// <summary>
/// Makes random SPF records: most are right or nearly right, since records of mere noise all end alike. What they name is a small
/// world of hosts, exchangers, policies to include and names that fail.
/// </summary>
internal sealed class SpfRecords(int seed)
{
    /// <summary>A zone that the server refuses to answer for.</summary>
    public const string Refused = "refused.test";

    private const string Alphabet = "v=spf1 :/%{}.-+~?a0l9_\\\"'@irhpstcxym";
    private static readonly string[] s_clients = ["192.0.2.1", "192.0.2.2", "192.0.2.77", "198.51.100.7", "198.51.100.200", "203.0.113.9", "2001:db8::1", "2001:db8:1::77"];
    private static readonly string[] s_locals = ["user", "strong-bad", "a.b.c", "x+y-z", "o'brien", "UP.Per", "postmaster", "a_b=c"];
    private static readonly string[] s_hosts = ["a1.w.test", "a2.w.test", "many.w.test", "six.w.test", "alias.w.test", "alias2.w.test", "gone.w.test", "liar.w.test", "nodata.w.test", "x.refused.test", "w.test", "A1.W.Test.", "under_score.w.test", "loop.w.test"];
    private static readonly string[] s_exchangers = ["m.w.test", "mm.w.test", "m0.w.test", "mvoid.w.test", "mref.w.test", "m10.w.test", "a1.w.test", "gone.w.test", "malias.w.test"];
    private static readonly string[] s_policies = ["pass.w.test", "net.w.test", "soft.w.test", "neutral.w.test", "none.w.test", "gone.w.test", "bad.w.test", "two.w.test", "self.w.test", "d3.w.test", "d9.w.test", "red.w.test", "redgone.w.test", "cpol.w.test", "x.refused.test", "voids.w.test", "upper.w.test", "six.w.test", "split.w.test"];
    private static readonly string[] s_explanations = ["e1.w.test", "e2.w.test", "e3.w.test", "e4.w.test", "gone.w.test", "x.refused.test"];
    private static readonly string[] s_macros = ["%{i}.ex.w.test", "%{ir}.%{v}._spf.w.test", "%{d2}", "%{d}.wild.w.test", "%{l}.wild.w.test", "%{l1r-}.wild.w.test", "%{s}.wild.w.test", "%{h}", "%{o}", "%{p}", "%{p2}.wild.w.test", "%{L}.wild.w.test", "a%%b.wild.w.test", "a%_b.wild.w.test", "a%-b.wild.w.test", "%{d0}.w.test", "%{d99r}.wild.w.test", "%{x}.w.test", "%{c}.w.test", "%{ir2}.wild.w.test", "%{i+}.wild.w.test", "%{sr.+-=_/,}.wild.w.test", "%{dr}", "%{v}.wild.w.test", "%{d1r}.w.test", "%{i", "%i.w.test", "%{i}%{d}.a1.w.test", "%{d4r/}.wild.w.test"];
    private static readonly string[] s_networks4 = ["192.0.2.0/24", "192.0.2.1", "192.0.2.1/32", "198.51.100.0/25", "198.51.100.7/31", "203.0.113.9/0", "203.0.113.9/33", "203.0.113.9/01", "203.0.113", "203.0.113.256", "192.0.2.2/", "10.0.0.0/8", "192.0.2.0/24/24", "192.0.2.0//64", "0192.0.2.1", "::ffff:192.0.2.1"];
    private static readonly string[] s_networks6 = ["2001:db8::/32", "2001:db8::1", "2001:db8::1/128", "2001:db8::/129", "::/0", "2001:db8:0:0:0:0:0:1", "2001:db8:::1", "2001:DB8::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7", "2001:db8::/064", "2001:db8::1%eth0", "2001:db8::192.0.2.1", "2001:db8::/32//24"];
    private static readonly string[] s_lengths = ["", "", "", "", "", "", "/24", "/32", "/0", "//64", "/24//64", "//128", "/33", "//129", "/024", "/", "//", "/24/64", "/16//0"];

    private readonly Random _random = new(seed);

    /// <summary>The world that the records name, as lines of a zone file.</summary>
    public static IEnumerable<ZoneRecord> World()
    {
        foreach (var line in """
            w.test A 192.0.2.77
            w.test TXT "v=spf1 ip4:192.0.2.77 -all"
            a1.w.test A 192.0.2.1
            a1.w.test AAAA 2001:db8::1
            a2.w.test A 192.0.2.2
            a2.w.test A 198.51.100.7
            many.w.test A 203.0.113.1
            many.w.test A 203.0.113.2
            many.w.test A 203.0.113.9
            six.w.test AAAA 2001:db8:1::77
            six.w.test TXT "v=spf1 ip6:2001:db8:1::/48 -all"
            alias.w.test CNAME a1.w.test.
            alias2.w.test CNAME alias.w.test.
            loop.w.test CNAME loop2.w.test.
            loop2.w.test CNAME loop.w.test.
            nodata.w.test HINFO "x" "y"
            under_score.w.test A 198.51.100.200
            m.w.test MX 10 a2.w.test.
            m.w.test MX 20 a1.w.test.
            mm.w.test MX 10 gone.w.test.
            mm.w.test MX 20 many.w.test.
            m0.w.test MX 0 .
            mvoid.w.test MX 10 gone1.w.test.
            mvoid.w.test MX 20 gone2.w.test.
            mvoid.w.test MX 30 gone3.w.test.
            mvoid.w.test MX 40 a1.w.test.
            mref.w.test MX 10 x.refused.test.
            malias.w.test MX 10 alias.w.test.
            pass.w.test TXT "v=spf1 +all"
            net.w.test TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/48 -all"
            soft.w.test TXT "v=spf1 a:a2.w.test ~all"
            neutral.w.test TXT "v=spf1 ?all"
            none.w.test TXT "v=spf10 -all"
            bad.w.test TXT "v=spf1 a:b/33 -all"
            two.w.test TXT "v=spf1 +all"
            two.w.test TXT "v=spf1 -all"
            self.w.test TXT "v=spf1 include:self.w.test -all"
            red.w.test TXT "v=spf1 redirect=net.w.test"
            redgone.w.test TXT "v=spf1 redirect=gone.w.test"
            cpol.w.test CNAME net.w.test.
            voids.w.test TXT "v=spf1 a:gone1.w.test a:gone2.w.test a:gone3.w.test ?all"
            upper.w.test TXT "V=SPF1 IP4:192.0.2.2 A:A1.W.TEST ~ALL"
            split.w.test TXT "v=spf1 ip4:198.51" ".100.0/24 -all"
            d3.w.test TXT "v=spf1 include:d2.w.test -all"
            d2.w.test TXT "v=spf1 include:d1.w.test -all"
            d1.w.test TXT "v=spf1 a:a1.w.test -all"
            d9.w.test TXT "v=spf1 a:a1.w.test mx:m.w.test include:d3.w.test a:a2.w.test include:net.w.test ?all"
            e1.w.test TXT "%{i} is not one of %{d}'s hosts, %{s}"
            e2.w.test TXT "100% wrong %{"
            e3.w.test TXT "one"
            e3.w.test TXT "two"
            e4.w.test TXT "see http://w.test/why?s=%{S}&i=%{C}%_%{R}"
            *.wild.w.test A 127.0.0.2
            192.0.2.1.ex.w.test A 127.0.0.2
            203.0.113.9.ex.w.test A 127.0.0.2
            1.2.0.192.in-addr._spf.w.test A 127.0.0.2
            1.2.0.192.in-addr.arpa PTR a1.w.test.
            2.2.0.192.in-addr.arpa PTR liar.w.test.
            2.2.0.192.in-addr.arpa PTR a2.w.test.
            77.2.0.192.in-addr.arpa PTR gone.w.test.
            7.100.51.198.in-addr.arpa PTR a2.w.test.
            liar.w.test A 203.0.113.200
            9.113.0.203.in-addr.arpa CNAME 9.0-15.113.0.203.in-addr.arpa.
            9.0-15.113.0.203.in-addr.arpa PTR many.w.test.
            1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR a1.w.test.
            """.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 3);
            yield return new(parts[0], parts[1], parts[2]);
        }

        for (var i = 0; i < 11; i++)
        {
            yield return new("m10.w.test", "MX", $"{i} a{1 + (i % 2)}.w.test.");
            yield return new("m10.w.test", "MX", $"{i} h{i}.w.test.");
        }
    }

    /// <summary>The records of the cases' domains.</summary>
    public static IEnumerable<ZoneRecord> Zone(IEnumerable<SpfRandomCase> cases)
    {
        foreach (var (domain, record, _, _, _) in cases)
        {
            var strings = record.Length == 0 ? [""] : record.Chunk(200).Select(c => new string(c));
            yield return new(domain, "TXT", string.Join(' ', strings.Select(s => $"\"{SuiteServer.Escape(s, isName: false)}\"")));
            yield return new(domain, "A", "198.51.100.200");
            yield return new(domain, "MX", "10 a2.w.test.");
        }
    }

    /// <summary>The next case.</summary>
    public SpfRandomCase Next(int number)
    {
        var domain = string.Create(CultureInfo.InvariantCulture, $"d{number}.c.test");
        var isHelo = Chance(5);
        return new(domain, Record(), Pick(s_clients), isHelo ? "" : $"{Pick(s_locals)}@{domain}", isHelo ? domain : Pick(["a1.w.test", "helo.w.test", "h", "[192.0.2.1]", domain]));
    }

    private string Record()
    {
        var record = new StringBuilder(Chance(2) ? "v=spf1  " : Chance(2) ? "V=sPf1 " : "v=spf1 ");
        for (var terms = _random.Next(0, 6); terms > 0; terms--)
        {
            record.Append(Chance(88) ? Mechanism() : Modifier()).Append(Chance(3) ? "  " : " ");
        }

        record.Append(Chance(70) ? Pick(["-all", "~all", "?all", "+all", "all", "-ALL"]) : Chance(40) ? Modifier() : "");
        return Chance(20) ? Mutate(record) : Chance(50) ? record.ToString().TrimEnd() : record.ToString();
    }

    private string Mechanism()
    {
        var sign = Chance(50) ? "" : Pick(["+", "-", "~", "?"]);
        return sign + _random.Next(12) switch
        {
            0 or 1 => $"ip4:{Pick(s_networks4)}",
            2 => $"ip6:{Pick(s_networks6)}",
            3 or 4 => $"a{(Chance(30) ? "" : ":" + Target(s_hosts))}{Pick(s_lengths)}",
            5 or 6 => $"mx{(Chance(30) ? "" : ":" + Target(s_exchangers))}{Pick(s_lengths)}",
            7 or 8 => $"include:{Target(s_policies)}",
            9 => $"exists:{Target(s_hosts, macro: 70)}",
            10 => Chance(40) ? "ptr" : $"ptr:{Target(s_hosts)}",
            _ => Chance(70) ? "A:a2.w.test" : Pick(["foo:bar", "ip4", "ip6:", "include", "exists", "all:x", "mx:", "a:", "ptr/24", "include:net.w.test/24", "a:1.2.3.4", "a:test", "a:w.test.", "a:-x.w.test", "a:w.123", "+", "all."]),
        };
    }

    private string Modifier() => _random.Next(6) switch
    {
        0 or 1 => $"redirect={Target(s_policies)}",
        2 or 3 => $"exp={Target(s_explanations)}",
        4 => Pick(["moo=cow", "x-y.z_1=%{d}", "foo=", "default=pass", "foo=%{t}", "foo=%{", "1x=y", "=x", "a=b", "ip4=192.0.2.1", "redirect=", "exp="]),
        _ => $"Redirect={Pick(s_policies)}",
    };

    private string Target(string[] names, int macro = 12) => Chance(macro) ? Pick(s_macros) : Pick(names);

    private string Mutate(StringBuilder record)
    {
        for (var times = _random.Next(1, 3); times > 0 && record.Length > 8; times--)
        {
            // The first letters stay mostly: without them there is no policy.
            var at = Chance(10) ? _random.Next(record.Length) : _random.Next(6, record.Length);
            switch (_random.Next(3))
            {
                case 0:
                    record.Remove(at, 1);
                    break;
                case 1:
                    record.Insert(at, Alphabet[_random.Next(Alphabet.Length)]);
                    break;
                default:
                    record[at] = Alphabet[_random.Next(Alphabet.Length)];
                    break;
            }
        }

        return record.ToString();
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(string[] words) => words[_random.Next(words.Length)];
}
