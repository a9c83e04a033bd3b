using System.Buffers.Binary;
using System.Text;
using Postern.SystemTests.Gate;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>What no honest program says at the daemon's sockets, by service: each with a name for messages.</summary>
internal static class MalformedWords
{
    private const int Seed = 20_261_128;

    /// <summary>For the policy server: lines, an empty one at the end.</summary>
    public static IEnumerable<(string Name, byte[] Words)> OfPolicy()
    {
        var whole = AttackedSockets.PolicyRequest;
        var text = Encoding.ASCII.GetString(whole);
        foreach (var length in Cuts(whole.Length, 40))
        {
            yield return ($"cut after {length} bytes", whole[..length]);
        }

        foreach (var (name, words) in Mutated(whole, 40).Concat(Foreign()))
        {
            yield return (name, words);
        }

        foreach (var (name, request) in new (string, string)[]
        {
            ("no equals sign", "request\nclient_address\n\n"), ("only an equals sign", "=\n\n"), ("no name", "=203.0.113.7\n\n"), ("empty", "\n"), ("10,000 empty lines", new string('\n', 10_000)),
            ("CR LF", text.Replace("\n", "\r\n", StringComparison.Ordinal)), ("CR alone", text.Replace('\n', '\r')), ("NUL for LF", text.Replace('\n', '\0')), ("all empty", "request=\nprotocol_state=\nclient_address=\n\n"),
            ("twice the same name", text.Replace("client_name=", "client_address=198.51.100.1\nclient_name=", StringComparison.Ordinal)), ("a state nobody knows", text.Replace("RCPT", "DANCE", StringComparison.Ordinal)),
            ("another request", text.Replace("smtpd_access_policy", "smtpd_dance", StringComparison.Ordinal)), ("states out of order", string.Concat(((string[])["END-OF-MESSAGE", "DATA", "RCPT", "MAIL", "EHLO", "CONNECT"]).Select(state => text.Replace("RCPT", state, StringComparison.Ordinal)))),
            ("a line of 20 kB", text.Replace("ann@", new string('a', 20_000) + "@", StringComparison.Ordinal)), ("a line of 1 MB without an end", new string('a', 1_000_000)), ("a request of 1 MB", string.Concat(Enumerable.Range(0, 50_000).Select(n => $"attribute{n}=value\n"))),
            ("an empty name 20,000 times", string.Concat(Enumerable.Repeat("=\n", 20_000)) + "\n"), ("a hundred requests at once", string.Concat(Enumerable.Repeat(text, 100))), ("quotes and braces", text.Replace("ann@example.com", "\"{$(id)}`id`%n%s\"@[x]", StringComparison.Ordinal)),
        })
        {
            yield return (name, Encoding.Latin1.GetBytes(request));
        }

        foreach (var address in Addresses())
        {
            yield return ($"the address {address}", Encoding.Latin1.GetBytes(text.Replace("203.0.113.7", address, StringComparison.Ordinal)));
        }
    }

    /// <summary>For the milter: packets of a length, a command and data.</summary>
    public static IEnumerable<(string Name, byte[] Words)> OfMilter()
    {
        var whole = AttackedSockets.MilterSession;
        foreach (var length in Cuts(whole.Length, 40))
        {
            yield return ($"cut after {length} bytes", whole[..length]);
        }

        foreach (var (name, words) in Mutated(whole, 60).Concat(Foreign()))
        {
            yield return (name, words);
        }

        foreach (var length in new uint[] { 0, 1 << 20, (1 << 20) + 1, int.MaxValue, 0x8000_0000, uint.MaxValue })
        {
            var packet = new byte[9];
            BinaryPrimitives.WriteUInt32BigEndian(packet, length);
            packet[4] = (byte)'B';
            yield return ($"a length of {length}", packet);
        }

        // Every command first of all, and every one in the middle, without data and with data that has no end.
        for (var command = 0; command < 256; command += command is > 'A' - 2 and < 'Z' ? 1 : 9)
        {
            yield return ($"the command {command} first", new MilterWords().Say((char)command, []).Bytes);
            yield return ($"the command {command} after the client", new MilterWords().Negotiate().Say('C', Client("4", "203.0.113.7")).Say((char)command, "x"u8.ToArray()).Say('E', []).Bytes);
        }

        const string Order = "OCHDMRTLNBEAKQU";
        foreach (var first in Order)
        {
            var words = new MilterWords().Negotiate();
            foreach (var next in Order)
            {
                words.Say(first, "a\0b\0"u8.ToArray()).Say(next, "a\0b\0"u8.ToArray());
            }

            yield return ($"{first} before each", words.Bytes);
        }

        foreach (var family in "046LUZ\0\u00FF")
        {
            foreach (var address in Addresses())
            {
                yield return ($"family {(int)family}, address {address}", new MilterWords().Negotiate().Say('C', Client($"{family}", address)).Say('H', "x\0"u8.ToArray()).Say('Q', []).Bytes);
            }
        }

        yield return ("a macro without a value", new MilterWords().Negotiate().Say('D', "Ci\0"u8.ToArray()).Say('D', "C"u8.ToArray()).Say('D', []).Bytes);
        yield return ("10,000 recipients", Many('R', 10_000));
        yield return ("10,000 header fields", Many('L', 10_000));
        yield return ("10,000 messages of nothing", Many('E', 10_000));
        yield return ("10,000 negotiations", Enumerable.Repeat(new MilterWords().Negotiate().Bytes, 10_000).SelectMany(one => one).ToArray());
        yield return ("a field of 1 MB", new MilterWords().Negotiate().Say('C', Client("4", "203.0.113.7")).Say('M', "<>\0"u8.ToArray()).Say('L', new byte[(1 << 20) - 1]).Say('E', []).Bytes);
    }

    /// <summary>For the commands: a line of JSON.</summary>
    public static IEnumerable<(string Name, byte[] Words)> OfControl()
    {
        var whole = "{\"command\":\"explain\",\"subject\":\"203.0.113.7\",\"lang\":\"en\"}\n"u8.ToArray();
        foreach (var length in Cuts(whole.Length, 30))
        {
            yield return ($"cut after {length} bytes", whole[..length]);
        }

        foreach (var (name, words) in Mutated(whole, 40).Concat(Foreign()))
        {
            yield return (name, words);
        }

        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}"), ("{\"command\":[", "]}") })
        {
            foreach (var depth in new[] { 60, 1000, 100_000 })
            {
                yield return ($"{open} {depth} deep", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)) + "\n"));
                yield return ($"{open} {depth} deep without an end", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "\n"));
            }
        }

        foreach (var field in (string[])["command", "subject", "subjects", "all", "for_seconds", "reason", "message", "lang", "bans", "most"])
        {
            foreach (var value in (string[])["null", "true", "-1", "1e999", "1e-999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[null]", "[[]]", "\"****\"", "99999999999999999999", "nonsense"])
            {
                yield return ($"{field} is {value}", Encoding.ASCII.GetBytes(field is "command" ? $"{{\"command\":{value}}}\n" : $"{{\"command\":\"explain\",\"{field}\":{value}}}\n"));
            }
        }

        yield return ("a command of 1 MB", Encoding.ASCII.GetBytes($"{{\"command\":\"{new string('x', 1_000_000)}\"}}\n"));
        yield return ("3 MB without an end", new byte[3_000_000]);
        yield return ("10,000 names", Encoding.ASCII.GetBytes("{" + string.Concat(Enumerable.Range(0, 10_000).Select(n => $"\"n{n}\":{n},")) + "\"command\":\"status\"}\n"));
        yield return ("the same name 10,000 times", Encoding.ASCII.GetBytes("{" + string.Concat(Enumerable.Repeat("\"command\":\"status\",", 10_000)) + "\"command\":\"dance\"}\n"));
    }

    // What speaks another protocol, or none.
    private static IEnumerable<(string Name, byte[] Words)> Foreign()
    {
        foreach (var (name, words) in new (string, string)[]
        {
            ("nothing", ""), ("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), ("SMTP", "EHLO x\r\nMAIL FROM:<>\r\nQUIT\r\n"), ("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003"), ("SSH", "SSH-2.0-Go\r\n"),
            ("Redis", "*1\r\n$4\r\nPING\r\n"), ("one NUL", "\0"), ("one line end", "\n"), ("1,000 NULs", new string('\0', 1000)), ("1,000 bytes of 255", new string('\u00FF', 1000)), ("a mark of UTF-8", "\u00EF\u00BB\u00BF{}\n"),
        })
        {
            yield return (name, Encoding.Latin1.GetBytes(words));
        }
    }

    // Always the same chance, so that a failure can be looked into.
    private static IEnumerable<(string Name, byte[] Words)> Mutated(byte[] whole, int count)
    {
        var random = new Random(Seed);
        for (var i = 0; i < count; i++)
        {
            var words = whole.ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(words.Count);
                switch (random.Next(4))
                {
                    case 0: words[at] = (byte)random.Next(256); break;
                    case 1: words.RemoveRange(at, Math.Min(random.Next(1, 9), words.Count - at)); break;
                    case 2: words.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 300))); break;
                    default: words.InsertRange(at, words[..at]); break;
                }

                if (words.Count == 0)
                {
                    break;
                }
            }

            yield return ($"chance {i}", [.. words]);
        }
    }

    private static IEnumerable<int> Cuts(int length, int count) => Enumerable.Range(1, count).Select(i => i * length / (count + 1)).Distinct();

    private static IEnumerable<string> Addresses() =>
        ["", "unknown", "::ffff:203.0.113.7", "IPv6:2001:db8::1", "0.0.0.0", "255.255.255.255", "::", "1.2.3", "1.2.3.4.5", "203.0.113.7/8", "203.0.113.7 198.51.100.1", "\u00FF\u00FE", new string('1', 2000), "2001:db8::1%eth0"];

    private static byte[] Client(string family, string address) => [.. "x\0"u8, .. Encoding.Latin1.GetBytes(family), 0, 25, .. Encoding.Latin1.GetBytes(address), 0];

    private static byte[] Many(char command, int count)
    {
        var words = new MilterWords().Negotiate().Say('C', Client("4", "203.0.113.7")).Say('M', "<ann@example.com>\0"u8.ToArray());
        for (var i = 0; i < count; i++)
        {
            words.Say(command, command is 'E' ? [] : Encoding.ASCII.GetBytes($"<n{i}@example.org>\0x\0"));
        }

        return words.Say('Q', []).Bytes;
    }
}
