namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[sharing]</c>.</summary>
internal static class SharingSection
{
    private const int MostName = 64;

    /// <summary>The keys.</summary>
    public static Section<SharingSettings> Keys { get; } = new(
    [
        new("url", "an address such as \"redis://127.0.0.1:6379\" or \"rediss://redis.example:6380\"", static (sharing, value) =>
        {
            if (!value.TryText(out var text)) { return sharing; } if (SharingAddress.TryParse(text) is { } address) { return sharing with { Url = address }; } value.Complain($"'{text}' is no address of a Redis or Valkey server");
            return sharing;
        }),
        new("site", "a name of letters, digits, '.', '-' and '_'", static (sharing, value) =>
            TryName(value, out var name) ? sharing with { Site = name } : sharing),
        new("host", "a name of letters, digits, '.', '-' and '_'", static (sharing, value) =>
            TryName(value, out var name) ? sharing with { Host = name } : sharing),
        new("user", "a user's name on the server", static (sharing, value) => value.TryText(out var name) ? sharing with { User = name } : sharing),
        new("password_file", "the absolute path of a file that holds a password", static (sharing, value) =>
            value.TryPath(out var path) ? sharing with { PasswordFile = path } : sharing),
        new("ca_file", "the absolute path of a file of certificates", static (sharing, value) =>
            value.TryPath(out var path) ? sharing with { CaFile = path } : sharing),
        new("key_file", "the absolute path of a file that holds the key of the site", static (sharing, value) =>
            value.TryPath(out var path) ? sharing with { KeyFile = path } : sharing),
    ]);

    /// <summary>Reads the table; sharing without the key of the site is a mistake, for anybody could ban by it.</summary>
    public static SharingSettings Read(Reading value, SharingSettings sharing)
    {
        var read = Keys.Read(value, sharing);
        if (read is { Url: not null, KeyFile: null })
        {
            value.Context.Mistakes.Add(value.Line, value.Path + ".key_file", "is missing, and without a key of the site anybody on the server could ban", "openssl rand -base64 32 makes one; every host of the site has the same");
        }

        if (read is { CaFile: not null, Url.IsTls: false })
        {
            value.Context.Mistakes.Add(value.Line, value.Path + ".ca_file", "is of no use, since the url speaks no TLS", "begin the url with rediss://");
        }

        return read;
    }

    private static bool TryName(Reading value, out string name)
    {
        if (!value.TryText(out name))
        {
            return false;
        }

        if (name.Length <= MostName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            return true;
        }

        value.Complain($"'{name}' is no such name");
        return false;
    }
}
