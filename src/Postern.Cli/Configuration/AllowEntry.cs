using System.Buffers;
using Postern.Facts;

namespace Postern.Cli.Configuration;

/// <summary>Somebody who is never banned: a network (a single address too), or a DNS name whose addresses are asked for again and again.</summary>
/// <param name="Network">The network; null for a name.</param>
/// <param name="Name">The name, without a final dot; null for a network.</param>
internal sealed record AllowEntry(ClientNetwork? Network, string? Name)
{
    private static readonly SearchValues<char> s_notLocal = SearchValues.Create(" @<>,;\"");

    /// <summary>Reads an address, a network or a DNS name; null where the text is none of them.</summary>
    public static AllowEntry? TryParse(string text)
    {
        if (ClientNetwork.TryParse(text, out var network))
        {
            return new(network, null);
        }

        var name = text.EndsWith('.') ? text[..^1] : text;
        return IsName(name) ? new(null, name.ToLowerInvariant()) : null;
    }

    /// <summary>An envelope sender, or <c>@</c> and a sender's domain, whose mail is never refused; null for all else.</summary>
    public string? Sender { get; init; }

    /// <summary>The same, or an envelope sender or its domain: <c>ann@example.org</c>, <c>@example.org</c>.</summary>
    public static AllowEntry? TryParseAny(string text) => IsSender(text) ? new(null, null) { Sender = text.ToLowerInvariant() } : TryParse(text);

    /// <summary>True for a mail address, or <c>@</c> and a domain.</summary>
    public static bool IsSender(string text)
    {
        var at = text.LastIndexOf('@');
        return at >= 0 && text.Length <= 320 && IsName(text[(at + 1)..]) && (at == 0 || IsLocalPart(text[..(at + 1)]));
    }

    /// <summary>True for a local part and <c>@</c>: <c>postmaster@</c>.</summary>
    public static bool IsLocalPart(string text) =>
        text.Length is > 1 and <= 65 && text[^1] == '@' && !text.AsSpan(0, text.Length - 1).ContainsAny(s_notLocal) && !text.Any(char.IsControl);

    /// <summary>A single address without its prefix length, a network, or the name.</summary>
    public override string ToString() => Name ?? Sender ?? (Network is { IsSingle: true } single ? single.First.ToString() : Network?.ToString() ?? "");

    // A last label of digits alone is a mistyped address, and a name without a dot a mistyped anything.
    private static bool IsName(string name)
    {
        var labels = name.Split('.');
        return name.Length <= 253 && labels.Length > 1 && !labels[^1].All(char.IsAsciiDigit) && Array.TrueForAll(
            labels, static label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }
}
