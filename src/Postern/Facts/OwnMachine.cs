namespace Postern.Facts;

/// <summary>The machine that a program runs on.</summary>
/// <param name="Name">Its host name, with or without its domain.</param>
/// <param name="Addresses">The addresses of its interfaces.</param>
public sealed record OwnMachine(string Name, IReadOnlySet<ClientAddress> Addresses)
{
    /// <summary>True where a log that names this host was written here: host names without their domains are compared, for syslog cuts them.</summary>
    public bool Is(string? host) => host is not null && Short(host).Equals(Short(Name), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Short(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? name : name.AsSpan(0, dot);
    }
}
