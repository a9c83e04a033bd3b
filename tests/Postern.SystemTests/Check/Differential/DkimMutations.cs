namespace Postern.SystemTests.Check.Differential;

/// <summary>What befalls a message on its way, or by a forger's hand.</summary>
internal static class DkimMutations
{
    private static readonly Func<DkimDraft, Random, string>[] s_all =
    [
        (d, _) => OnField(d, "Subject", f => (f.Name.ToUpperInvariant(), f.Value), "the case of a name"),
        (d, _) => OnField(d, "Subject", f => (f.Name, f.Value + " "), "a blank behind a value"),
        (d, _) => OnField(d, "Subject", f => (f.Name, f.Value.Replace(" ", "  ", StringComparison.Ordinal)), "blanks doubled in a value"),
        (d, _) => OnField(d, "X-Folded", f => (f.Name, f.Value.Replace("\r\n", "", StringComparison.Ordinal)), "a field unfolded"),
        (d, _) => OnField(d, "Subject", f => (f.Name + " ", f.Value), "a blank before a colon"),
        (d, _) => OnField(d, "Subject", f => (f.Name, f.Value + "x"), "a letter behind a value"),
        (d, _) => Insert(d, 0, "Subject", " on top"),
        (d, _) => Insert(d, d.Fields.Count, "Subject", " at the end"),
        (d, _) => Insert(d, 0, "From", " forger@evil.test"),
        (d, _) => Insert(d, d.Fields.Count, "From", " forger@evil.test"),
        (d, _) => Insert(d, 0, "Received", " from a by b;\r\n Sat, 28 Nov 2026 01:00:00 +0000"),
        (d, _) => Insert(d, 1, "X-Gone", " now here"),
        (d, _) => Insert(d, 0, "DKIM-Signature", " v=1; a=rsa-sha256; d=k.test; s=good; h=from; bh=AAAA; b=AAAA"),
        (d, _) => Insert(d, 1, "DKIM-Signature", " rubbish"),
        (d, r) => Swap(d, r),
        (d, r) => Remove(d, r),
        (d, _) => OnBody(d, d.Body + "\r\n\r\n", "empty lines at the end"),
        (d, _) => OnBody(d, d.Body + "more\r\n", "a line at the end"),
        (d, _) => OnBody(d, d.Body + " \t \r\n", "a line of blanks at the end"),
        (d, _) => OnBody(d, d.Body.Replace("\r\n", " \r\n", StringComparison.Ordinal), "blanks behind the lines"),
        (d, _) => OnBody(d, d.Body.Replace("  ", " ", StringComparison.Ordinal), "blanks squeezed"),
        (d, _) => OnBody(d, d.Body.TrimEnd('\r', '\n'), "no line end at the end"),
        (d, _) => OnBody(d, "", "no body"),
        (d, _) => OnBody(d, d.Body.Replace("hello", "hallo", StringComparison.Ordinal), "a letter of the body"),
        (d, _) => OnBody(d, d.Body.Replace("hello", "hel\rlo", StringComparison.Ordinal), "a bare CR in the body"),
        (d, _) => OnBody(d, "\r\n" + d.Body, "an empty line before the body"),
        (d, r) => OnSignature(d, v => Flip(v, r), "a letter of the signature field"),
        (d, _) => OnSignature(d, v => v.Replace("; ", ";", StringComparison.Ordinal), "blanks between tags"),
        (d, _) => OnSignature(d, v => v.Replace(" v=1;", "", StringComparison.Ordinal), "no v="),
        (d, _) => OnSignature(d, v => v.Replace(" v=1;", " v=2;", StringComparison.Ordinal), "v=2"),
        (d, _) => OnSignature(d, v => v.Replace(" v=1;", " v=1; v=1;", StringComparison.Ordinal), "v= twice"),
        (d, _) => OnSignature(d, v => v.Replace(" d=", " D=", StringComparison.Ordinal), "a tag in capitals"),
        (d, _) => OnSignature(d, v => v.Replace(" s=", " t=0; s=", StringComparison.Ordinal), "t=0"),
        (d, _) => OnSignature(d, v => v.Replace("h=", "h=to:", StringComparison.Ordinal), "one more name in h="),
        (d, _) => OnSignature(d, v => v.Replace("from", "form", StringComparison.OrdinalIgnoreCase), "From is not signed"),
        (d, _) => OnSignature(d, v => v + " ; ", "a semicolon at the end"),
        (d, _) => OnSignature(d, v => v + "\r\n ", "a fold at the end"),
        (d, _) => OnSignature(d, v => v.Replace("a=rsa-sha256", "a=rsa-md5", StringComparison.Ordinal), "an unknown hash"),
        (d, _) => OnSignature(d, v => v.Replace(" d=k.test", " d=test", StringComparison.Ordinal), "another d="),
        (d, _) => OnSignature(d, v => v.Replace(" c=", " c=nofws/", StringComparison.Ordinal), "an unknown form"),
    ];

    /// <summary>Changes a message in one or two ways.</summary>
    /// <returns>The ways.</returns>
    public static string Apply(DkimDraft draft, Random random)
    {
        var ways = s_all[random.Next(s_all.Length)](draft, random);
        return random.Next(5) == 0 ? $"{ways}, {s_all[random.Next(s_all.Length)](draft, random)}" : ways;
    }

    private static string OnField(DkimDraft draft, string name, Func<(string Name, string Value), (string Name, string Value)> change, string what)
    {
        var at = draft.Fields.FindIndex(f => f.Name.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
        {
            draft.Fields[at] = change(draft.Fields[at]);
        }

        return what;
    }

    private static string OnSignature(DkimDraft draft, Func<string, string> change, string what) => OnField(draft, "DKIM-Signature", f => (f.Name, change(f.Value)), what);

    private static string OnBody(DkimDraft draft, string body, string what)
    {
        draft.Body = body;
        return what;
    }

    private static string Insert(DkimDraft draft, int at, string name, string value)
    {
        draft.Fields.Insert(at, (name, value));
        return $"{name} put in at {at}";
    }

    private static string Swap(DkimDraft draft, Random random)
    {
        int a = random.Next(draft.Fields.Count), b = random.Next(draft.Fields.Count);
        (draft.Fields[a], draft.Fields[b]) = (draft.Fields[b], draft.Fields[a]);
        return $"{draft.Fields[a].Name} and {draft.Fields[b].Name} swapped";
    }

    private static string Remove(DkimDraft draft, Random random)
    {
        var at = random.Next(1, draft.Fields.Count);
        var name = draft.Fields[at].Name;
        draft.Fields.RemoveAt(at);
        return $"{name} removed";
    }

    private static string Flip(string value, Random random)
    {
        var at = random.Next(value.Length);
        return char.IsAsciiLetterOrDigit(value[at]) ? value[..at] + (value[at] is 'A' ? 'B' : 'A') + value[(at + 1)..] : value;
    }
}
