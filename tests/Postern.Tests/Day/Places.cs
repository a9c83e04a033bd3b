namespace Postern.Tests.Day;

/// <summary>Where the clients of a day live: the address of the n-th of each kind.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Server">Mail servers.</param>
/// <param name="Home">Users' lines; numbered with the servers.</param>
/// <param name="Pool">Addresses of large providers' pools, thirty each.</param>
/// <param name="Bot">Attackers' hosts, each in a network of its own.</param>
internal sealed record Places(string Name, Func<int, string> Server, Func<int, string> Home, Func<int, string> Pool, Func<int, string> Bot)
{
    /// <summary>
    /// All over the world: half of the servers in blocks of their own, half with one of twenty hosters; homes with a dozen access
    /// providers; a third of the bots with the hosters. All of 240.0.0.0/4, which nobody has.
    /// </summary>
    public static Places World { get; } = new(
        "the world",
        n => n % 2 == 0 ? $"{240 + (n % 3)}.{n / 10}.{n % 250}.{20 + (n % 7)}" : $"244.{n % 40}.{n / 40 % 200}.{20 + (n % 11)}",
        n => $"248.{n % 12}.{n / 12 % 250}.{20 + (n % 13)}",
        i => $"245.{i / 30}.7.{10 + (i % 30)}",
        n => n % 3 == 0 ? $"244.{(n / 3 % 20 * 2) + 1}.{210 + (n / 60)}.{7 + (n % 5)}" : $"250.{n * 37 % 251}.{n % 250}.7");

    /// <summary>All genuine clients in one block, 198.18.0.0/16 (RFC 2544), ten to a network.</summary>
    public static Places OneBlock { get; } = World with
    {
        Name = "one block",
        Server = n => $"198.18.{n % 200}.{20 + (n / 200)}",
        Home = n => $"198.18.{n % 200}.{20 + (n / 200)}",
        Pool = i => $"198.18.{200 + (i / 30)}.{10 + (i % 30)}",
    };

    /// <summary>All genuine clients in one network, 2001:db8:7::/48 (RFC 3849), each in a /64 of its own.</summary>
    public static Places OneNetwork { get; } = World with
    {
        Name = "one network",
        Server = n => $"2001:db8:7:{n + 16:x}::25",
        Home = n => $"2001:db8:7:{n + 16:x}::25",
        Pool = i => $"2001:db8:7:{0xf000 + i:x}::25",
    };

    /// <summary>The places of that name.</summary>
    public static Places Of(string name) => new[] { World, OneBlock, OneNetwork }.Single(places => string.Equals(places.Name, name, StringComparison.Ordinal));
}
