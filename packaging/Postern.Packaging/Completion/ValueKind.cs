using Postern.Packaging.Commands;

namespace Postern.Packaging.Completion;

/// <summary>What a shell offers for a value.</summary>
internal enum ValueKind
{
    /// <summary>Nothing: a time, a text, an address.</summary>
    Free,

    /// <summary>One of the values that the program takes.</summary>
    Chosen,

    /// <summary>Files.</summary>
    File,

    /// <summary>Folders.</summary>
    Folder,
}

/// <summary>Tells it from the name that stands for the value in the help.</summary>
internal static class ValueKinds
{
    /// <summary>The kind of an option's value; null for a switch.</summary>
    public static ValueKind? Kind(this OptionEntry option) => option.Value is { } name ? Kind(name, option.Values) : null;

    /// <summary>The kind of an argument.</summary>
    public static ValueKind Kind(this ArgumentEntry argument) => Kind(argument.Name, argument.Values);

    private static ValueKind Kind(string name, IReadOnlyList<string> values) => name switch
    {
        _ when values.Count > 0 => ValueKind.Chosen,
        "FILE" or "INPUT" or "LOG" or "FILTER" or "PATH" => ValueKind.File,
        "DIR" or "FOLDER" => ValueKind.Folder,
        _ => ValueKind.Free,
    };
}
