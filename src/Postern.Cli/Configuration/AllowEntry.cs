using Postern.Facts;

namespace Postern.Cli.Configuration;

/// <summary>Somebody who is never banned: a network (a single address too), or a DNS name whose addresses are asked for again and again.</summary>
/// <param name="Network">The network; null for a name.</param>
/// <param name="Name">The name, without a final dot; null for a network.</param>
internal sealed record AllowEntry(ClientNetwork? Network, string? Name)
{
    /// <summary>Reads an address, a network or a DNS name; null where the text is none of them.</summary>
    public static AllowEntry? TryParse(string text)
    {
        if (ClientNetwork.TryParse(text, out var network))
            return new(network, null);
        var name = text.EndsWith('.') ? text[..^1] : text;
        return IsName(name) ? new(null, name.ToLowerInvariant()) : null;
    }

    /// <summary>A single address without its prefix length, a network, or the name.</summary>
    public override string ToString() => Name ?? (Network is { IsSingle: true } single ? single.First.ToString() : Network?.ToString() ?? "");

    // A last label of digits alone is a mistyped address, and a name without a dot a mistyped anything.
    private static bool IsName(string name)
    {
        var labels = name.Split('.');
        return name.Length <= 253 && labels.Length > 1 && !labels[^1].All(char.IsAsciiDigit) && Array.TrueForAll(
            labels, static label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }
}
