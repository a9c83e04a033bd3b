using System.Buffers;

namespace Postern.Capture.Headers;

/// <summary>The programs under whose name a container engine logs what runs inside: the engine itself, a container's id, or a container's name.</summary>
internal static class ContainerNames
{
    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdef"u8);

    // Where Postfix runs, the container is named by what it is for.
    private static readonly string[] s_words = ["docker", "podman", "conmon", "containerd", "container", "postfix", "mail", "smtp", "mta", "mx", "relay", "poste"];

    /// <summary>True where a program's message starts as a line of a log does, and holds a program of Postfix.</summary>
    public static bool MayHoldLine(ReadOnlySpan<byte> message) =>
        message.Length > 20
        && (message[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'{' or (byte)'<' or (byte)'[' or >= 0x80 || message[3] is (byte)' ' or (byte)'.' || message.StartsWith("postfix"u8))
        && (message.IndexOf("postfix"u8) >= 0 || message.IndexOf("/smtpd"u8) >= 0);

    /// <summary>True for a name under which a container's lines are logged.</summary>
    public static bool Contains(ReadOnlySpan<byte> program)
    {
        if (program.Length >= 12 && program.IndexOfAnyExcept(s_hex) < 0)
        {
            return true;
        }

        Span<char> text = stackalloc char[256];
        if (program.Length > text.Length)
        {
            return false;
        }

        for (var i = 0; i < program.Length; i++)
        {
            text[i] = char.ToLowerInvariant((char)program[i]);
        }

        foreach (var word in s_words)
        {
            if (text[..program.Length].IndexOf(word) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
