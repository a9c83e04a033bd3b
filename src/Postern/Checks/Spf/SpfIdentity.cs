using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Postern.Facts;

namespace Postern.Checks.Spf;

/// <summary>Who is checked: what the macros are filled from. Overlong input is cut, so that no macro can be made to swell.</summary>
internal sealed class SpfIdentity
{
    // Over the longest path of SMTP (RFC 5321, 4.5.3.1.3) by far.
    private const int MaxLength = 1024;
    private readonly TimeProvider _time;
    private string? _dotted;

    public SpfIdentity(ClientAddress client, string domain, string sender, string helo, string receiver, TimeProvider time)
    {
        _time = time;
        Client = client;
        Receiver = receiver;
        Helo = Cut(helo);
        var at = sender.LastIndexOf('@');
        var host = at >= 0 ? sender[(at + 1)..] : sender;
        SenderDomain = Cut(host.Length == 0 ? domain : SpfNames.Normalize(host));

        // RFC 7208, 4.3: without a local part it is the postmaster's.
        Local = at > 0 ? Cut(sender[..at]) : "postmaster";
        Sender = at > 0 && sender.Length <= MaxLength && SenderDomain.Length == host.Length ? sender : $"{Local}@{SenderDomain}";
    }

    /// <summary>The client's address.</summary>
    public ClientAddress Client { get; }

    /// <summary>Macro s.</summary>
    public string Sender { get; }

    /// <summary>Macro l.</summary>
    public string Local { get; }

    /// <summary>Macro o.</summary>
    public string SenderDomain { get; }

    /// <summary>Macro h.</summary>
    public string Helo { get; }

    /// <summary>Macro r.</summary>
    public string Receiver { get; }

    /// <summary>Macro i: dotted decimals, or the 32 nibbles of an IPv6 address with dots between.</summary>
    public string Dotted => _dotted ??= Client.IsIPv4 ? Client.ToString() : Nibbles(Client);

    /// <summary>Macro t: seconds since 1970.</summary>
    public string UnixTime => _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The name that holds the client's PTR records.</summary>
    public string ReverseName
    {
        get
        {
            var parts = Dotted.Split('.');
            Array.Reverse(parts);
            return string.Join('.', parts) + (Client.IsIPv4 ? ".in-addr.arpa" : ".ip6.arpa");
        }
    }

    /// <summary>The same sender at two other addresses, far from this one and from each other.</summary>
    public IEnumerable<SpfIdentity> Others()
    {
        // Every bit turned round, then every second one: no network of any size holds two of the three.
        foreach (var mask in (ulong[])[ulong.MaxValue, 0x5555_5555_5555_5555])
        {
            var bytes = new byte[Client.IsIPv4 ? 4 : 16];
            if (Client.IsIPv4)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(Client.Low ^ mask));
            }
            else
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes, Client.High ^ (mask >> 3));
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Client.Low ^ mask);
            }

            yield return new SpfIdentity(ClientAddress.From(new IPAddress(bytes)), SenderDomain, Sender, Helo, Receiver, _time);
        }
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[^MaxLength..];

    private static string Nibbles(ClientAddress address) => string.Create(63, address, static (span, value) =>
    {
        for (var i = 0; i < 32; i++)
        {
            var nibble = (int)((i < 16 ? value.High : value.Low) >> (60 - (i % 16 * 4))) & 15;
            span[i * 2] = "0123456789ABCDEF"[nibble];
            if (i < 31)
            {
                span[(i * 2) + 1] = '.';
            }
        }
    });
}
