using System.Runtime.InteropServices;

namespace Postern.Enforcement.Netlink;

/// <summary>The attributes of a netlink message (linux/netlink.h), in their order; what is cut short ends them.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> rest)
{
    private const int Header = 4;
    private const ushort TypeMask = 0x3FFF;

    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>The type, without its flags.</summary>
    public ushort Type { get; private set; }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>A text ends with a zero.</summary>
    public readonly ReadOnlySpan<byte> Text => Value.TrimEnd((byte)0);

    /// <summary>Goes on to the next.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < Header || MemoryMarshal.Read<ushort>(_rest) is var length && (length < Header || length > _rest.Length))
        {
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        Value = _rest[Header..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The value of the first attribute of that type; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        var all = new NetlinkAttributes(attributes);
        while (all.MoveNext())
        {
            if (all.Type == type)
            {
                return all.Value;
            }
        }

        return [];
    }
}
