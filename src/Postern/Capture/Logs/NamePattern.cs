namespace Postern.Capture.Logs;

/// <summary>A pattern for one name, as the shell has it: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, <c>[!a]</c>; a leading dot is matched by a dot alone.</summary>
internal static class NamePattern
{
    /// <summary>True where a text is a pattern and no plain name.</summary>
    public static bool IsPattern(ReadOnlySpan<char> text) => text.IndexOfAny('*', '?', '[') >= 0;

    /// <summary>True where the name matches.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name is ['.', ..] && pattern is not ['.', ..])
        {
            return false;
        }

        // After a mismatch only the last star takes one more, so that no pattern takes long.
        var (at, in_, star, taken) = (0, 0, -1, 0);
        while (in_ < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, taken) = (at++, in_);
            }
            else if (at < pattern.Length && One(pattern[at..], name[in_]) is > 0 and var length)
            {
                at += length;
                in_++;
            }
            else if (star >= 0)
            {
                (at, in_) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }

    // How much of the pattern stands for this letter; 0 where it does not.
    private static int One(ReadOnlySpan<char> pattern, char letter)
    {
        if (pattern[0] != '[')
        {
            return pattern[0] == '?' || pattern[0] == letter ? 1 : 0;
        }

        var isNot = pattern.Length > 1 && pattern[1] is '!' or '^';
        var first = isNot ? 2 : 1;
        // A bracket that comes first is a letter of the class.
        var end = pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') + first + 1 : first;
        if (end <= first)
        {
            return letter == '[' ? 1 : 0;
        }

        return Holds(pattern[first..end], letter) != isNot ? end + 1 : 0;
    }

    private static bool Holds(ReadOnlySpan<char> letters, char letter)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            if (i + 2 < letters.Length && letters[i + 1] == '-')
            {
                if (letter >= letters[i] && letter <= letters[i + 2])
                {
                    return true;
                }

                i += 2;
            }
            else if (letters[i] == letter)
            {
                return true;
            }
        }

        return false;
    }
}
