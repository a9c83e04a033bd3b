namespace Postern.Enforcement.Nftables;

/// <summary>What libnftables says of a failure, in one line for the operator.</summary>
internal static class NftablesTrouble
{
    private const int Longest = 200;
    private const string Mark = "Error: ";

    /// <summary>The library is not there.</summary>
    public const string NoLibrary = "libnftables is missing: install the Debian package nftables";

    /// <summary>The right is missing.</summary>
    public const string NoPermission = "no permission to change the firewall: CAP_NET_ADMIN is missing";

    /// <summary>Of an error text of any length.</summary>
    public static string Of(string error)
    {
        if (error.Contains("Operation not permitted", StringComparison.Ordinal))
        {
            return NoPermission;
        }

        if (error.Contains("Protocol not supported", StringComparison.Ordinal) || error.Contains("Unable to initialize Netlink socket", StringComparison.Ordinal))
        {
            return "this kernel has no nftables";
        }

        // Where it stands in our commands tells an operator nothing.
        var line = error.AsSpan().Trim();
        line = line[..(line.IndexOf('\n') is var end and >= 0 ? end : line.Length)];
        line = line.IndexOf(Mark, StringComparison.Ordinal) is var mark and >= 0 ? line[(mark + Mark.Length)..] : line;
        return $"nftables refuses: {line[..Math.Min(line.Length, Longest)].Trim()}";
    }
}
