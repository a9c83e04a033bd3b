namespace Postern.Checks.Dns;

/// <summary>The record types that the checks ask for.</summary>
public enum DnsType : byte
{
    /// <summary>IPv4 addresses.</summary>
    A,
    /// <summary>IPv6 addresses.</summary>
    Aaaa,
    /// <summary>Mail exchangers.</summary>
    Mx,
    /// <summary>Texts.</summary>
    Txt,
    /// <summary>Names of an address.</summary>
    Ptr,
}

/// <summary>A question: equal where type and name are, the name's case and a final dot not counted.</summary>
public readonly record struct DnsQuestion
{
    /// <summary>A question for this name.</summary>
    public DnsQuestion(string name, DnsType type)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name.EndsWith('.') ? name[..^1] : name;
        Type = type;
    }

    /// <summary>The name, without a final dot, in the caller's case.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public DnsType Type { get; }

    /// <inheritdoc/>
    public bool Equals(DnsQuestion other) => Type == other.Type && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, StringComparer.OrdinalIgnoreCase.GetHashCode(Name ?? ""));

    /// <summary>Such as <c>PTR 1.2.0.192.in-addr.arpa</c>.</summary>
    public override string ToString() => $"{Type.ToString().ToUpperInvariant()} {Name}";
}
