using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Postern.Tests.Checks.Spf;

/// <summary>A node of a YAML document: a scalar, a list or a map. Maps keep doubled keys, which some suites have.</summary>
internal sealed record YamlTree
{
    public static readonly YamlTree Missing = new();

    public string? Scalar { get; init; }

    public IReadOnlyList<YamlTree>? Items { get; init; }

    public IReadOnlyList<KeyValuePair<string, YamlTree>>? Pairs { get; init; }

    /// <summary>The last value of a key; <see cref="Missing"/> where there is none.</summary>
    public YamlTree this[string key] =>
        Pairs?.LastOrDefault(pair => string.Equals(pair.Key, key, StringComparison.OrdinalIgnoreCase)).Value ?? Missing;

    /// <summary>The text of a scalar; empty for null and for all else.</summary>
    public string Text => Scalar ?? "";

    /// <summary>A list's items; a scalar or map as the only one; none where it is missing.</summary>
    public IEnumerable<YamlTree> AsList() => Items ?? (Scalar is null && Pairs is null ? [] : [this]);

    public static List<YamlTree> ReadDocuments(TextReader text)
    {
        var parser = new Parser(text);
        var documents = new List<YamlTree>();
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            documents.Add(Read(parser, new Dictionary<string, YamlTree>(StringComparer.Ordinal)));
            parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private static YamlTree Read(Parser parser, Dictionary<string, YamlTree> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors[alias.Value.Value];
        }

        var anchor = parser.Current is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : null;
        var tree = ReadNode(parser, anchors);
        if (anchor is not null)
        {
            anchors[anchor] = tree;
        }

        return tree;
    }

    private static YamlTree ReadNode(Parser parser, Dictionary<string, YamlTree> anchors)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
            return isNull ? Missing : new YamlTree { Scalar = scalar.Value };
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlTree>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, anchors));
            }

            return new YamlTree { Items = items };
        }

        parser.Consume<MappingStart>();
        var pairs = new List<KeyValuePair<string, YamlTree>>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Read(parser, anchors);
            pairs.Add(new(key.Text, Read(parser, anchors)));
        }

        return new YamlTree { Pairs = pairs };
    }
}
