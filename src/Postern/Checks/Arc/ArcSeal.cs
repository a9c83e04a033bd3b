using MimeKit;
using Postern.Checks.Dkim;

namespace Postern.Checks.Arc;

/// <summary>What a sealer says of the chain that it found (RFC 8617, 4.1.3, tag cv).</summary>
internal enum ChainValue : byte
{
    /// <summary>There was no chain: only right for the first seal.</summary>
    None,
    /// <summary>The chain was whole: only right for later seals.</summary>
    Pass,
    /// <summary>The chain was broken: it stays so.</summary>
    Fail,
}

/// <summary>An ARC-Seal field, read (RFC 8617, 4.1.3).</summary>
internal sealed record ArcSeal
{
    /// <summary>The field itself.</summary>
    public required Header Header { get; init; }

    /// <summary>Tag i, 1 to 50.</summary>
    public required int Instance { get; init; }

    /// <summary>Tag cv.</summary>
    public required ChainValue Value { get; init; }

    /// <summary>Whose key made it.</summary>
    public required ArcSigner Signer { get; init; }

    /// <summary>Reads a field; null, and what is wrong with it.</summary>
    public static ArcSeal? Read(Header header, out string problem)
    {
        problem = "the tags of a seal cannot be read";
        if (TagList.Parse(header.RawValue) is not { } tags)
        {
            return null;
        }

        problem = "a seal has no instance from 1 to 50 (i=)";
        if (ArcInstance.Read(tags) is not { } instance)
        {
            return null;
        }
        // RFC 8617, 4.1.3: what a seal covers is fixed, and a list of its own must fail the chain.
        problem = "a seal has the tag h=, which it must not have";
        if (tags.ContainsKey("h"))
        {
            return null;
        }
        // RFC 8617, 4.1.3 takes the tag over from DKIM, where it is recommended and no more.
        problem = "the time of a seal is none (t=)";
        if (tags.TryGetValue("t", out var time) && !ArcInstance.IsTime(time))
        {
            return null;
        }

        problem = "a seal has no state of the chain (cv=)";
        if (ReadValue(tags.GetValueOrDefault("cv", "")) is not { } value)
        {
            return null;
        }

        return ArcSigner.Read(tags, out problem) is { } signer ? new() { Header = header, Instance = instance, Value = value, Signer = signer } : null;
    }

    private static ChainValue? ReadValue(string text) => text.ToLowerInvariant() switch
    {
        "none" => ChainValue.None,
        "pass" => ChainValue.Pass,
        "fail" => ChainValue.Fail,
        _ => null,
    };
}
