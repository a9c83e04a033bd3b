using System.Text;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>Which of the texts that an expression can match is wanted.</summary>
internal sealed record ExampleChoice
{
    /// <summary>The address in the groups that name one.</summary>
    public string Address { get; init; } = "192.0.2.1";

    /// <summary>Texts of groups by their names.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The alternation, counted in the order in which they are come to, of which another branch than the first is taken; -1 for none.</summary>
    public int Alternation { get; init; } = -1;

    /// <summary>That branch.</summary>
    public int Branch { get; init; }

    /// <summary>The repeat at which to stop.</summary>
    public RepeatNode? Stop { get; init; }

    /// <summary>The repeat that takes <see cref="Filling"/>.</summary>
    public RepeatNode? Filled { get; init; }

    /// <summary>The text of that repeat.</summary>
    public string Filling { get; init; } = "";
}

/// <summary>A short text that an expression matches, as far as its looks ahead and behind allow: whoever uses it must try it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Cuts">Places in it where a part of the expression begins that is no continued literal.</param>
/// <param name="AddressAt">Where the address begins; -1 where there is none.</param>
/// <param name="Alternations">The number of branches of each alternation, in the order in which they were come to.</param>
internal sealed record MatchExample(string Text, IReadOnlyList<int> Cuts, int AddressAt, IReadOnlyList<int> Alternations)
{
    private const int MostVariants = 40;

    /// <summary>Writes one.</summary>
    public static MatchExample Write(PythonPattern pattern, ExampleChoice choice) => Write(pattern.Tree, pattern.GroupNames, choice);

    /// <summary>Writes one for a part of an expression.</summary>
    public static MatchExample Write(PatternNode node, IReadOnlyDictionary<string, int> names, ExampleChoice choice)
    {
        var writer = new Writer(names, choice);
        writer.Append(node);
        return new MatchExample(writer.Text.ToString(), [.. writer.Cuts.Distinct()], writer.AddressAt, writer.Alternations);
    }

    /// <summary>Several, which differ in one alternation each.</summary>
    public static IEnumerable<MatchExample> Variants(PatternNode node, IReadOnlyDictionary<string, int> names, ExampleChoice choice)
    {
        var first = Write(node, names, choice);
        yield return first;
        var count = 1;
        for (var i = 0; i < first.Alternations.Count; i++)
        {
            for (var branch = 1; branch < first.Alternations[i] && count < MostVariants; branch++, count++)
            {
                yield return Write(node, names, choice with { Alternation = i, Branch = branch });
            }
        }
    }

    private sealed class Writer(IReadOnlyDictionary<string, int> names, ExampleChoice choice)
    {
        // What reads well and is allowed almost everywhere comes first.
        private const string Preferred = "x1 a.-:/";
        private const int MostRepeats = 64;

        private readonly Dictionary<int, string> _names = names.GroupBy(name => name.Value).ToDictionary(group => group.Key, group => group.First().Key);
        private readonly Dictionary<int, string> _groups = [];
        private bool _stopped;
        private bool _inLiteral;
        private bool _inRepeat;

        public StringBuilder Text { get; } = new();

        public List<int> Cuts { get; } = [];

        public List<int> Alternations { get; } = [];

        public int AddressAt { get; private set; } = -1;

        public void Append(PatternNode node)
        {
            if (_stopped)
            {
                return;
            }

            var isLiteral = node is CharNode { Literal: >= 0 };
            if (!isLiteral || !_inLiteral)
            {
                Cuts.Add(Text.Length);
            }

            switch (node)
            {
                case CharNode one:
                    Text.Append(Pick(one));
                    break;
                case AnyNode:
                    Text.Append(_inRepeat ? 'x' : '.');
                    break;
                case SequenceNode sequence:
                    foreach (var item in sequence.Items)
                    {
                        Append(item);
                    }

                    return;
                case AlternationNode alternation:
                    AppendBranch(alternation);
                    break;
                case GroupNode group:
                    AppendGroup(group);
                    break;
                case AtomicNode atomic:
                    Append(atomic.Body);
                    break;
                case RepeatNode repeat:
                    AppendRepeat(repeat);
                    break;
                case BackreferenceNode reference:
                    Text.Append(_groups.GetValueOrDefault(reference.Group, ""));
                    break;
                case ConditionalNode conditional:
                    Append(_groups.ContainsKey(conditional.Group) ? conditional.Yes : conditional.No);
                    break;
            }

            _inLiteral = isLiteral;
        }

        private void AppendBranch(AlternationNode alternation)
        {
            var number = Alternations.Count;
            Alternations.Add(alternation.Branches.Count);
            var address = alternation.Branches.FirstOrDefault(branch => names.TryGetValue("ip4", out var ip4) && Holds(branch, ip4));
            Append(number == choice.Alternation ? alternation.Branches[choice.Branch] : address ?? alternation.Branches[0]);
        }

        private void AppendRepeat(RepeatNode repeat)
        {
            if (ReferenceEquals(repeat, choice.Stop))
            {
                _stopped = true;
                return;
            }

            if (ReferenceEquals(repeat, choice.Filled))
            {
                Text.Append(choice.Filling);
                return;
            }

            var wasInRepeat = _inRepeat;
            _inRepeat = true;
            for (var i = 0; i < Math.Min(repeat.Min, MostRepeats); i++)
            {
                Append(repeat.Body);
            }

            _inRepeat = wasInRepeat;
        }

        private void AppendGroup(GroupNode group)
        {
            var start = Text.Length;
            var name = _names.GetValueOrDefault(group.Number, "");
            if (choice.Texts.TryGetValue(name, out var given))
            {
                Text.Append(given);
            }
            else if (name is "ip4" or "ip6" or "dns" or "fid")
            {
                if (AddressAt < 0)
                {
                    AddressAt = start;
                }

                Text.Append(choice.Address);
            }
            else
            {
                Append(group.Body);
            }

            _groups[group.Number] = Text.ToString(start, Text.Length - start);
        }

        private static string Pick(CharNode one)
        {
            if (one.Literal >= 0)
            {
                return char.ConvertFromUtf32(one.Literal is >= 0xD800 and <= 0xDFFF ? '?' : one.Literal);
            }

            foreach (var c in Preferred)
            {
                if (one.Set.Contains(c))
                {
                    return c.ToString();
                }
            }

            for (var c = 33; c < 127; c++)
            {
                if (one.Set.Contains(c))
                {
                    return ((char)c).ToString();
                }
            }

            return one.Set.Contains('\t') ? "\t" : "?";
        }

        private static bool Holds(PatternNode node, int group) => node switch
        {
            GroupNode one => one.Number == group || Holds(one.Body, group),
            SequenceNode sequence => sequence.Items.Any(item => Holds(item, group)),
            AlternationNode alternation => alternation.Branches.Any(branch => Holds(branch, group)),
            RepeatNode { Min: > 0 } repeat => Holds(repeat.Body, group),
            AtomicNode atomic => Holds(atomic.Body, group),
            _ => false,
        };
    }
}
