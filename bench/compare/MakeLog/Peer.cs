namespace MakeLog;

/// <summary>A remote host.</summary>
/// <param name="Name">What Postfix logs before the bracket; <c>unknown</c> where no name is confirmed.</param>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="Helo">How it greets.</param>
/// <param name="Domain">The domain that its mail comes from.</param>
internal sealed record Peer(string Name, string Address, string Helo, string Domain)
{
    /// <summary>HOST[IP], as in most lines.</summary>
    public string Shown { get; } = $"{Name}[{Address}]";
}

/// <summary>Makes hosts. Names end in reserved domains; addresses are drawn from the whole of unicast space.</summary>
internal sealed class PeerMaker(Dice dice)
{
    private static readonly string[] s_words =
    [
        "north", "harbour", "lumen", "cobalt", "juniper", "meadow", "quarry", "falcon", "atlas", "birch", "summit",
        "ember", "delta", "orchid", "pioneer", "willow", "granite", "copper", "aurora", "canal", "prairie", "marble",
        "signal", "anchor", "bridge", "cedar", "drift", "elm", "fjord", "glacier", "heron", "island",
    ];

    private static readonly string[] s_ends = ["example", "example.com", "example.net", "example.org", "co.example"];

    /// <summary>An ordinary sender.</summary>
    public Peer MailServer()
    {
        var domain = Domain();
        var n = dice.Between(1, 60);
        var host = dice.Pick<string>(["mail", "mx", "smtp", "out", "mta", "relay", "mail-wr1-f", "mailer", "o"]);
        var name = $"{host}{n}.{domain}";
        return new Peer(dice.Percent(3) ? "unknown" : name, dice.Percent(18) ? Ipv6() : Ipv4(), name, domain);
    }

    /// <summary>A person's device.</summary>
    public Peer Device()
    {
        var address = dice.Percent(25) ? Ipv6() : Ipv4();
        return new Peer(AccessName(address), address, dice.Pick<string>(["[192.168.1.23]", "[10.0.0.5]", "smtpclient.apple", "laptop"]), Domain());
    }

    /// <summary>A host of which nothing good is known: most have no name or their provider's.</summary>
    public Peer Stranger()
    {
        var address = dice.Percent(6) ? Ipv6() : Ipv4();
        var name = dice.Percent(60) ? "unknown" : AccessName(address);
        var helo = dice.Pick<string>(["ylmf-pc", "WIN-344VU98D3RU", "User", "localhost", "mail.example.com", "[127.0.0.1]", "ADMIN"]);
        return new Peer(name, address, dice.Percent(30) ? Domain() : helo, Domain());
    }

    /// <summary>A domain.</summary>
    public string Domain() =>
        $"{dice.Pick<string>(s_words)}{(dice.Percent(40) ? "-" + dice.Pick<string>(s_words) : dice.Between(1, 40))}.{dice.Pick<string>(s_ends)}";

    /// <summary>An IPv4 address that is neither private nor reserved.</summary>
    public string Ipv4() => Ipv4((uint)dice.Bits()) is { Length: > 0 } address ? address : Ipv4();

    /// <summary>That address, or nothing where it is private or reserved.</summary>
    public static string Ipv4(uint bits)
    {
        var (a, b) = (bits >> 24, (bits >> 16) & 255);
        return a is 0 or 10 or 127 or >= 224 || (a, b) is (169, 254) or (172, >= 16 and < 32) or (192, 168) or (100, >= 64 and < 128)
            ? ""
            : $"{a}.{b}.{(bits >> 8) & 255}.{bits & 255}";
    }

    /// <summary>An IPv6 address of the range for documentation.</summary>
    public string Ipv6()
    {
        var bits = dice.Bits();
        return $"2001:db8:{bits & 0xffff:x}:{(bits >> 16) & 0xfff:x}::{(bits >> 32) & 0xffff:x}";
    }

    private string AccessName(string address)
    {
        var dashed = address.Replace("::", "-", StringComparison.Ordinal).Replace(':', '-').Replace('.', '-');
        return dice.Pick<string>(["pool", "static", "dyn", "cpe", "host", "dsl"]) + $"-{dashed}."
            + dice.Pick<string>(["broadband", "customers", "fibre", "dynamic", "cloud"]) + "." + dice.Pick<string>(s_words)
            + "-telecom.example.net";
    }
}
