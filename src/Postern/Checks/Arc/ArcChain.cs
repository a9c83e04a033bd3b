using MimeKit;

namespace Postern.Checks.Arc;

/// <summary>The three fields that one sealer added.</summary>
internal sealed record ArcSet(Header Results, ArcSignature Signature, ArcSeal Seal);

/// <summary>
/// The sets of a message, first to last, with the structure that RFC 8617, 5.2 asks for before anything is computed: complete,
/// without a gap, no field in two versions, and each seal's word on the chain right for its place. A whole set that stands there
/// twice, letter for letter, says nothing that it does not say once; a single field that does makes its set ambiguous.
/// </summary>
/// <param name="Sets">The sets; empty for a message without a chain, and for a broken one.</param>
/// <param name="Problem">Why the chain is broken; null where it is not.</param>
/// <param name="Sealer">The domain of the seal with the highest instance that could be read.</param>
internal sealed record ArcChain(IReadOnlyList<ArcSet> Sets, string? Problem, string? Sealer)
{
    // Honest fields are of some kilooctets. Each seal covers all before it, so their sum bounds the work.
    private const int MaxFieldOctets = 64 * 1024;
    private const int MaxOctets = 1024 * 1024;

    /// <summary>Reads the chain of a message.</summary>
    public static ArcChain Read(MimeMessage message)
    {
        var fields = message.Headers.Where(h => h.Id is HeaderId.ArcSeal or HeaderId.ArcMessageSignature or HeaderId.ArcAuthenticationResults).Take((3 * ArcInstance.Max) + 1).ToArray();
        if (fields.Length > 3 * ArcInstance.Max)
        {
            return Broken("the chain has more than 50 sets", null);
        }

        if (fields.Any(f => f.RawValue.Length > MaxFieldOctets) || fields.Sum(f => (long)f.RawValue.Length) > MaxOctets)
        {
            return Broken("the fields of the chain are too long", null);
        }

        string? problem = null;
        var seals = new ArcSeal?[ArcInstance.Max + 1];
        var signatures = new ArcSignature?[ArcInstance.Max + 1];
        var results = new Header?[ArcInstance.Max + 1];
        var copies = new Copies();
        foreach (var field in fields)
        {
            problem = Place(field, seals, signatures, results, copies) ?? problem;
        }

        problem ??= copies.Problem;
        var last = Array.FindLastIndex(seals, s => s is not null);
        var sealer = last < 0 ? null : seals[last]!.Signer.Domain;
        if (problem is not null)
        {
            return Broken(problem, sealer);
        }

        var count = Math.Max(last, Math.Max(Array.FindLastIndex(signatures, s => s is not null), Array.FindLastIndex(results, r => r is not null)));
        var sets = new List<ArcSet>();
        for (var i = 1; i <= count; i++)
        {
            if (seals[i] is not { } seal || signatures[i] is not { } signature || results[i] is not { } result)
            {
                return Broken($"set {i} of the chain is not complete", sealer);
            }

            sets.Add(new(result, signature, seal));
        }

        // A chain that failed once stays so, whatever later sealers say (RFC 8617, 5.1.2).
        var wrong = sets.Find(s => s.Seal.Value != (s.Seal.Instance == 1 ? ChainValue.None : ChainValue.Pass))?.Seal;
        return wrong is null ? new(sets, null, sealer)
            : Broken(wrong.Value == ChainValue.Fail ? $"the chain was already broken at seal {wrong.Instance}" : $"seal {wrong.Instance} has the wrong state of the chain (cv=)", sealer);
    }

    private static ArcChain Broken(string problem, string? sealer) => new([], problem, sealer);

    /// <summary>Puts a field in its place; what is wrong with it, or null.</summary>
    private static string? Place(Header field, ArcSeal?[] seals, ArcSignature?[] signatures, Header?[] results, Copies copies)
    {
        string problem;
        switch (field.Id)
        {
            case HeaderId.ArcSeal:
                return ArcSeal.Read(field, out problem) is { } seal ? Put(seals, seal.Instance, seal, field, copies) : problem;
            case HeaderId.ArcMessageSignature:
                return ArcSignature.Read(field, out problem) is { } signature ? Put(signatures, signature.Instance, signature, field, copies) : problem;
            default:
                return ArcInstance.ReadResults(field.RawValue) is { } instance ? Put(results, instance, field, field, copies) : "results in the chain have no instance from 1 to 50 (i=)";
        }
    }

    private static string? Put<T>(T?[] places, int instance, T value, Header field, Copies copies)
        where T : class
    {
        if (!copies.Add(instance, field))
        {
            return $"a field of set {instance} comes twice";
        }

        places[instance] ??= value;
        return null;
    }

    /// <summary>Counts how often each field of a set stands there.</summary>
    private sealed class Copies
    {
        private readonly Dictionary<(int Instance, HeaderId Id), (byte[] Text, int Count)> _fields = [];

        /// <summary>The set that is not there as a whole each time; null without one.</summary>
        public string? Problem => _fields.GroupBy(f => f.Key.Instance)
            .Where(set => set.Select(f => f.Value.Count).Distinct().Skip(1).Any())
            .Select(set => $"a field of set {set.Key} comes twice").FirstOrDefault();

        /// <summary>Counts a field; false where it stood there in other words before.</summary>
        public bool Add(int instance, Header field)
        {
            var text = field.RawValue.AsSpan().Trim(" \t\r\n"u8);
            var isAgain = _fields.TryGetValue((instance, field.Id), out var before);
            if (isAgain && !text.SequenceEqual(before.Text))
            {
                return false;
            }

            _fields[(instance, field.Id)] = isAgain ? (before.Text, before.Count + 1) : (text.ToArray(), 1);
            return true;
        }
    }
}
