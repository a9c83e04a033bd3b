using System.Buffers;

namespace Postern.Cli.Configuration;

/// <summary>Mail addresses as a configuration or a contact database may name them: what RFC 5321 calls a dot-string at a domain.</summary>
internal static class MailName
{
    private static readonly SearchValues<char> s_local = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_`{|}~.-");
    private static readonly SearchValues<char> s_domain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    /// <summary>True for <c>user@example.org</c>.</summary>
    public static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && IsLocal(text.AsSpan(0, at)) && IsDomain(text.AsSpan(at + 1));
    }

    /// <summary>True for an address, or the name of a local user, which the server completes.</summary>
    public static bool IsAddressOrUser(string text) => IsAddress(text) || IsLocal(text);

    /// <summary>The domain of an address; null for a local user.</summary>
    public static string? DomainOf(string address) => address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? address[(at + 1)..] : null;

    // No option of a program begins it, and no header field is broken by it.
    private static bool IsLocal(ReadOnlySpan<char> text) => text.Length is > 0 and <= 64 && text[0] is not ('-' or '.') && text[^1] != '.' && !text.ContainsAnyExcept(s_local);

    /// <summary>True for a domain of two labels or more.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text) =>
        text.Length is > 2 and <= 253 && text[0] is not ('-' or '.') && text[^1] is not ('-' or '.') && text.Contains('.') && !text.ContainsAnyExcept(s_domain);
}
