using System.Collections.Frozen;

namespace Postern.Checks.ReverseDns;

/// <summary>What a provider calls its customers' machines.</summary>
internal enum ProviderKind : byte
{
    /// <summary>Lines of homes, offices and telephones.</summary>
    Access,
    /// <summary>Machines that are let.</summary>
    Rented,
    /// <summary>Machines of a large sender of mail.</summary>
    Mail,
}

/// <summary>
/// The table of providers' names: the program's own (Data/providers.txt) and the operator's rows over it. A row is a word
/// (<c>access</c>, <c>rented</c>, <c>mail</c>), a blank, and a suffix of names; the longest suffix decides.
/// </summary>
internal sealed class ProviderNames
{
    private const string Resource = "Postern.providers.txt";

    private static readonly Lazy<FrozenDictionary<string, ProviderKind>> s_shipped = new(() =>
    {
        using var stream = typeof(ProviderNames).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"the resource {Resource} is missing");
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd().Split('\n'), []).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    });

    private readonly Dictionary<string, ProviderKind> _own;

    /// <summary>The program's table with the operator's rows over it.</summary>
    public ProviderNames(IEnumerable<string> rows) => _own = Read(rows, new(StringComparer.OrdinalIgnoreCase));

    /// <summary>Reads a row; null where it is none.</summary>
    public static (ProviderKind Kind, string Suffix)? TryRead(string row)
    {
        ProviderKind? kind = row.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries) is [var word, var suffix] && Dns.DnsName.IsFullyQualified(suffix.AsSpan().TrimStart("*."))
            ? word.ToLowerInvariant() switch { "access" => ProviderKind.Access, "rented" => ProviderKind.Rented, "mail" => ProviderKind.Mail, _ => null }
            : null;
        return kind is { } found ? (found, row.AsSpan().TrimEnd().ToString().Split((char[])[' ', '\t'])[^1].TrimStart('*').TrimStart('.')) : null;
    }

    /// <summary>The longest suffix of a name that the table has, and what lies below it; null where it has none.</summary>
    public (ProviderKind Kind, string Suffix, string Below)? Find(string name)
    {
        for (var start = 0; start < name.Length;)
        {
            var suffix = name[start..];
            if (_own.TryGetValue(suffix, out var kind) || s_shipped.Value.TryGetValue(suffix, out kind))
            {
                return (kind, suffix, name[..Math.Max(start - 1, 0)]);
            }

            var dot = name.IndexOf('.', start);
            start = dot < 0 ? name.Length : dot + 1;
        }

        return null;
    }

    private static Dictionary<string, ProviderKind> Read(IEnumerable<string> rows, Dictionary<string, ProviderKind> table)
    {
        foreach (var row in rows)
        {
            if (TryRead(row) is { } read)
            {
                table[read.Suffix] = read.Kind;
            }
        }

        return table;
    }
}
