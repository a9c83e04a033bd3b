using System.Text.RegularExpressions;
using Postern.SystemTests.Check;

namespace Postern.SystemTests.Gate;

/// <summary>A kind of sender as it comes to the service.</summary>
/// <param name="Title">Who it is.</param>
/// <param name="Client">Its address.</param>
/// <param name="Helo">What it calls itself.</param>
/// <param name="Sender">Its envelope sender; empty for a bounce.</param>
/// <param name="Content">Its message, lines ended by CR LF but for the last one.</param>
/// <param name="Records">Its DNS.</param>
internal sealed record SenderStory(string Title, string Client, string Helo, string Sender, string Content, string Records)
{
    /// <summary>
    /// Every kind that the tests of <c>check</c> know. Each has a top-level domain of its own, so that many can be told in one DNS.
    /// </summary>
    public static IReadOnlyList<SenderStory> All(SignedMessage signer) =>
        [.. StoryFile.Read().Select((story, i) => Of(story.Title, story.Facts, story.Records, $".t{i}")), .. Signed(signer)];

    /// <summary>The stories in rounds: in each, an address has one story.</summary>
    public static IEnumerable<IReadOnlyList<SenderStory>> Rounds(IReadOnlyList<SenderStory> stories) =>
        stories.GroupBy(story => story.Client, StringComparer.Ordinal).SelectMany(group => group.Select((story, i) => (story, i))).GroupBy(pair => pair.i, pair => pair.story)
            .Select(round => (IReadOnlyList<SenderStory>)[.. round]);

    private static SenderStory Of(string title, Dictionary<string, string> facts, string records, string domain)
    {
        string Own(string text) => Regex.Replace(text, @"\.example\b", domain, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        var (helo, sender) = (Own(facts["helo"]), Own(facts["sender"]).Replace("<>", "", StringComparison.Ordinal));
        return new(title, facts["client"], helo, sender, EnforcingServer.Message(helo, sender, subject: title), Own(records));
    }

    private static IEnumerable<SenderStory> Signed(SignedMessage signer)
    {
        const string Provider = "192.0.2.220 PTR mail-a1.provider.signed\nmail-a1.provider.signed A 192.0.2.220\nprovider.signed TXT v=spf1 ip4:192.0.2.220 -all\n_dmarc.provider.signed TXT v=DMARC1; p=reject\n";
        const string List = "192.0.2.230 PTR lists.list.signed\nlists.list.signed A 192.0.2.230\nlist.signed TXT v=spf1 ip4:192.0.2.230 -all\n";
        var all = Provider + List
            + $"s1._domainkey.provider.signed TXT {signer.MakeKey("provider")}\narc._domainkey.list.signed TXT {signer.MakeKey("list")}\narc._domainkey.forger.signed TXT {signer.MakeKey("forger")}\n";
        var signed = signer.Sign(Plain("ann@provider.signed"), "provider", "s1", "provider.signed");
        var changed = "Authentication-Results: lists.list.signed; dkim=pass header.d=provider.signed; dmarc=pass header.from=provider.signed\r\n" + signed + "\r\n-- \r\nthe footer of the list\r\n";
        var told = "Authentication-Results: mx.forger.signed; dkim=pass header.d=provider.signed; dmarc=pass header.from=provider.signed\r\n" + Plain("boss@provider.signed");
        var newsletter = signer.Sign(signer.Sign(Plain("news@provider.signed"), "list", "gone", "esp.signed"), "provider", "s1", "provider.signed");

        yield return new("a provider that signs", "192.0.2.220", "mail-a1.provider.signed", "ann@provider.signed", Whole(signed), all);
        yield return new("a forwarder that keeps the signature", "192.0.2.230", "lists.list.signed", "ann@provider.signed", Whole(signed), "");
        yield return new("a list that seals what it changed", "192.0.2.230", "lists.list.signed", "bounces@list.signed", Whole(signer.Seal(changed, "list", "arc", "list.signed", "lists.list.signed")), all);
        yield return new("a newsletter with a signature whose key is gone", "192.0.2.220", "mail-a1.provider.signed", "news@provider.signed", Whole(newsletter), all);
        yield return new("a forged author", "198.51.100.177", "pc", "boss@provider.signed", Whole(Plain("boss@provider.signed")), "");
        yield return new("a forger who seals his own story", "198.51.100.178", "mx.forger.signed", "chief@provider.signed", Whole(signer.Seal(told, "forger", "arc", "forger.signed", "mx.forger.signed")), "");
    }

    private static string Plain(string from) =>
        $"From: {from}\r\nTo: bob@example.org\r\nSubject: a test\r\nDate: Wed, 25 Nov 2026 01:00:00 +0000\r\nMessage-ID: <1@provider.signed>\r\n\r\nhello\r\n";

    // As a session sends it: a dot at a line's start is doubled, and the end of the last line belongs to the end of data.
    private static string Whole(string message)
    {
        message = message.ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return message.EndsWith("\r\n", StringComparison.Ordinal) ? message[..^2] : message;
    }
}
