using System.Security.Cryptography;
using System.Text;

namespace Postern.Web.Settings;

/// <summary>Why no token of a file counts.</summary>
internal enum TokenTrouble : byte
{
    /// <summary>It holds tokens.</summary>
    None,
    /// <summary>No file is named.</summary>
    NotNamed,
    /// <summary>The file does not exist, or cannot be read.</summary>
    Unreadable,
    /// <summary>Everybody on this host may read it.</summary>
    ReadableByAll,
    /// <summary>It holds no token of at least 16 characters.</summary>
    Empty,
}

/// <summary>
/// The tokens with which changes may be made: one a line, or the name of its holder and the token; # begins a comment. Read anew for each
/// change, so that one that is made or taken out counts at once.
/// </summary>
/// <param name="path">The file; null for none.</param>
internal sealed class TokenFile(string? path)
{
    /// <summary>The least length of a token, characters.</summary>
    public const int ShortestToken = 16;

    /// <summary>The name of a holder who has none.</summary>
    public const string Nameless = "web";

    private const int MostBytes = 64 * 1024;

    /// <summary>Why no token counts now.</summary>
    public TokenTrouble Trouble => Read().Trouble;

    /// <summary>Whose token it is; null where it is nobody's.</summary>
    public string? HolderOf(string token)
    {
        var given = Hash(token);
        string? holder = null;
        foreach (var (name, known) in Read().Tokens)
        {
            // All are compared, so that the time tells nothing.
            if (CryptographicOperations.FixedTimeEquals(given, Hash(known)))
            {
                holder ??= name;
            }
        }

        return holder;
    }

    private (IReadOnlyList<(string Name, string Token)> Tokens, TokenTrouble Trouble) Read()
    {
        if (path is null)
        {
            return ([], TokenTrouble.NotNamed);
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                return ([], TokenTrouble.ReadableByAll);
            }

            var bytes = new byte[MostBytes];
            var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            var tokens = text.Split('\n').Select(Parse).OfType<(string, string)>().ToList();
            return (tokens, tokens.Count == 0 ? TokenTrouble.Empty : TokenTrouble.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], TokenTrouble.Unreadable);
        }
    }

    private static (string Name, string Token)? Parse(string line)
    {
        var words = line.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return words is [var token] && token.Length >= ShortestToken ? (Nameless, token)
            : words is [var name, var own] && own.Length >= ShortestToken ? (name, own)
            : null;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
