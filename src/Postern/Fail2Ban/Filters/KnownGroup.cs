namespace Postern.Fail2Ban.Filters;

/// <summary>Groups of an expression that mean something to the matching itself.</summary>
internal enum KnownGroup : byte
{
    /// <summary>Whom the failure is counted by (<c>&lt;F-ID&gt;</c>).</summary>
    Id,
    /// <summary>An IPv4 address.</summary>
    Ip4,
    /// <summary>An IPv6 address.</summary>
    Ip6,
    /// <summary>The length of a network.</summary>
    Cidr,
    /// <summary>A host name.</summary>
    Dns,
    /// <summary>A user.</summary>
    User,
    /// <summary>A connection that goes on.</summary>
    Connection,
    /// <summary>A success that forgives.</summary>
    Gained,
    /// <summary>The end of the connection.</summary>
    Forget,
    /// <summary>No failure in itself.</summary>
    NoFailure,
    /// <summary>What <c>prefregex</c> makes the line.</summary>
    Content,
}

/// <summary>Names of groups.</summary>
internal static class KnownGroups
{
    private static readonly string[] s_names = ["fid", "ip4", "ip6", "cidr", "dns", "user", "mlfid", "mlfgained", "mlfforget", "nofail", "content"];

    /// <summary>How many there are.</summary>
    public static int Count => s_names.Length;

    /// <summary>The name of a group in an expression.</summary>
    public static string Name(KnownGroup group) => s_names[(int)group];
}
