using System.Text;

namespace Postern.Cli.Configuration;

/// <summary>A configuration that was read.</summary>
/// <param name="File">The file; it need not exist where it is the default one.</param>
/// <param name="Options">What it says, as far as it could be read.</param>
/// <param name="Mistakes">All that is wrong with it; empty where it may be used.</param>
/// <param name="Places">The line of each key that it has.</param>
internal sealed record LoadedConfig(string File, PosternOptions Options, IReadOnlyList<ConfigMistake> Mistakes, IReadOnlyDictionary<string, int> Places)
{
    /// <summary>True where it may be used.</summary>
    public bool IsSound => Mistakes.Count == 0;

    /// <summary>True where it could be read as TOML, so that what is right in it is known, whatever else is wrong.</summary>
    public bool IsToml => Root is not null;

    /// <summary>True where the file could not be read at all.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>The file's tables and values; null where it is no TOML.</summary>
    public ConfigTable? Root { get; init; }
}

/// <summary>Reads a configuration file. Looks at no other file, so that whoever may read it may check it.</summary>
internal static class ConfigLoader
{
    // Far more than anybody writes; a device or a mail log given by mistake is not read to its end.
    private const int MostBytes = 1 << 20;

    /// <summary>Reads the file, or the default one, which need not exist.</summary>
    /// <param name="path">The file that the operator named; null for the default one.</param>
    public static LoadedConfig Load(string? path)
    {
        var file = path ?? PosternOptions.DefaultFile;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MostBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MostBytes
                ? Unreadable(file, "is larger than 1 MB, which no configuration is")
                : Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length), file);
        }
        catch (Exception e) when (path is null && e is (FileNotFoundException or DirectoryNotFoundException))
        {
            return Parse("", file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(file, "does not exist");
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(file, "is no UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unreadable(file, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a configuration's text.</summary>
    public static LoadedConfig Parse(string text, string file)
    {
        var context = new ReadingContext(new ConfigMistakes(file));
        // A byte order mark is what some editors of other systems begin a file with.
        var root = TomlTree.Parse(text.TrimStart('\uFEFF'), file, context.Mistakes);
        var options = root is null ? new PosternOptions() : RootSection.Keys.Read(root, "", new PosternOptions(), context);
        return new(file, options, context.Mistakes.All, context.Places) { Root = root };
    }

    /// <summary>Why a file that exists cannot be read; null where it can, or does not exist.</summary>
    public static string? WhyUnreadable(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static LoadedConfig Unreadable(string file, Sentence message) =>
        new(file, new PosternOptions(), [new ConfigMistake(file, 0, "", message, null)], new Dictionary<string, int>(StringComparer.Ordinal)) { IsUnreadable = true };
}
