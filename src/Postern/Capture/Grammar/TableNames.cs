namespace Postern.Capture.Grammar;

/// <summary>Postfix's names of lookup tables, <c>TYPE:NAME</c> (postconf -m), as warnings begin with them.</summary>
internal static class TableNames
{
    private static readonly PrefixSet s_types = new(
        "btree:", "cdb:", "cidr:", "dbm:", "debug:", "environ:", "fail:", "hash:", "inline:", "internal:", "ldap:", "lmdb:",
        "memcache:", "mongodb:", "mysql:", "nis:", "nisplus:", "pcre:", "pgsql:", "pipemap:", "proxy:", "randmap:", "regexp:",
        "sdbm:", "socketmap:", "sqlite:", "static:", "tcp:", "texthash:", "unionmap:", "unix:");

    /// <summary>True where the text begins with the name of a table.</summary>
    public static bool Leads(ReadOnlySpan<byte> text) => s_types.Matches(text);
}
