using System.Globalization;
using System.Security.Cryptography;

namespace Postern.SystemTests.Check.Differential;

/// <summary>A message for the verifiers.</summary>
/// <param name="Bytes">The message.</param>
/// <param name="What">The signature's tags and what was done to the message after it was signed.</param>
internal sealed record DkimRandomCase(byte[] Bytes, string What);

/// <summary>Makes messages with odd forms, signs them with odd tags by keys with odd records, and changes most of them afterwards.</summary>
internal sealed class DkimMessages : IDisposable
{
    private static readonly string[] s_lines = ["hello", "two  blanks", "a tab\there", "blank at the end ", "tab at the end\t", "", "", ".", "-- ", "caf\u00e9", "=3D", " leading", "From here"];
    private static readonly string[] s_covered = ["from", "to", "subject", "date", "message-id", "mime-version", "x-folded", "x-empty", "list-id", "x-gone", "dkim-signature"];

    private readonly Random _random;
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(1024);
    private readonly RSA _short = RSA.Create(768);

    /// <summary>Messages of this seed; the keys are new each time.</summary>
    public DkimMessages(int seed) => _random = new(seed);

    /// <summary>The key records; a selector tells what is odd about its record.</summary>
    public IEnumerable<ZoneRecord> Zone()
    {
        var key = Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo());
        foreach (var (selector, record) in new (string, string)[]
        {
            ("good", $"v=DKIM1; k=rsa; p={key}"),
            ("bare", $"p={key}"),
            ("spaced", $" v=DKIM1 ; k = rsa ;  p = {key[..60]} {key[60..]} ; "),
            ("pkcs1", $"v=DKIM1; p={Convert.ToBase64String(_key.ExportRSAPublicKey())}"),
            ("wrong", $"v=DKIM1; p={Convert.ToBase64String(_other.ExportSubjectPublicKeyInfo())}"),
            ("revoked", "v=DKIM1; k=rsa; p="),
            ("broken", $"v=DKIM1; k=rsa; p={key[..100]}"),
            ("version", $"v=DKIM2; k=rsa; p={key}"),
            ("late", $"k=rsa; v=DKIM1; p={key}"),
            ("kind", $"v=DKIM1; k=dsa; p={key}"),
            ("sha1", $"v=DKIM1; h=sha1; p={key}"),
            ("sha256", $"v=DKIM1; h=sha256; p={key}"),
            ("hashes", $"v=DKIM1; h=sha1:sha256:sha3; p={key}"),
            ("service", $"v=DKIM1; s=web; p={key}"),
            ("email", $"v=DKIM1; s=web:email; p={key}"),
            ("star", $"v=DKIM1; s=*; p={key}"),
            ("test", $"v=DKIM1; t=y; p={key}"),
            ("strict", $"v=DKIM1; t=s; p={key}"),
            ("flags", $"v=DKIM1; t=x:z; n=a note; p={key}"),
            ("junk", "hello there"),
            ("twice", $"v=DKIM1; p={key}; p={key}"),
            ("short", $"v=DKIM1; p={Convert.ToBase64String(_short.ExportSubjectPublicKeyInfo())}"),
        })
        {
            yield return new($"{selector}._domainkey.k.test", "TXT", string.Join(' ', record.Chunk(200).Select(c => $"\"{SuiteServer.Escape(new string(c), isName: false)}\"")));
        }
    }

    /// <summary>The next message.</summary>
    public DkimRandomCase Next()
    {
        var draft = new DkimDraft();
        draft.Fields.AddRange([("From", " Ann <ann@k.test>"), ("To", Pick([" bob@we.test", " bob@we.test,\r\n carl@we.test"])), ("Subject", Pick([" a letter", "no blank", "  two blanks  ", " caf\u00e9", " a\r\n\tfold"]))]);
        foreach (var field in new[] { ("Date", " Sat, 28 Nov 2026 01:00:00 +0000"), ("Message-ID", " <1@k.test>"), ("MIME-Version", " 1.0"), ("X-Folded", " one\r\n two\r\n\t three"), ("X-Empty", ""), ("List-Id", " <l.k.test>"), ("Subject", " second") })
        {
            if (Chance(field.Item1 is "Subject" ? 5 : 50))
            {
                draft.Fields.Insert(_random.Next(draft.Fields.Count + 1), field);
            }
        }

        draft.Body = string.Concat(Enumerable.Range(0, _random.Next(0, 7)).Select(_ => Pick(s_lines) + "\r\n")) + (Chance(8) ? "no end" : "");
        var tags = Sign(draft);
        if (Chance(8))
        {
            tags += " + " + Sign(draft);
        }

        var change = Chance(65) ? DkimMutations.Apply(draft, _random) : "nothing";
        return new(draft.Bytes, $"{tags} / {change}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        _short.Dispose();
    }

    private string Sign(DkimDraft draft)
    {
        var selector = Chance(55) ? "good" : Pick(["bare", "spaced", "pkcs1", "wrong", "revoked", "broken", "version", "late", "kind", "sha1", "sha256", "hashes", "service", "email", "star", "test", "strict", "flags", "junk", "twice", "short", "gone"]);
        bool isRelaxedHeader = Chance(60), isRelaxedBody = Chance(60), isSha1 = Chance(6);
        var form = (isRelaxedHeader, isRelaxedBody) switch
        {
            (false, false) => Pick(["", " c=simple/simple;", " c=simple;"]),
            (true, false) => Pick([" c=relaxed/simple;", " c=relaxed;"]),
            (false, true) => " c=simple/relaxed;",
            _ => Pick([" c=relaxed/relaxed;", " c = relaxed/relaxed ;"]),
        };
        var headers = new List<string> { "from" };
        headers.AddRange(s_covered.Where(_ => Chance(35)));
        if (Chance(15))
        {
            headers.AddRange(["subject", "subject"]);
        }

        var length = Chance(10) ? _random.Next(0, 40) : -1;
        // A length beyond the body is an error of the signer.
        length = length > DkimDraft.CanonicalBody(draft.Body, isRelaxedBody).Length ? -1 : length;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        var more = string.Concat(
            length >= 0 ? $" l={length};" : "",
            Chance(25) ? $" t={Number(now - 1000)};" : Chance(3) ? $" t={Number(now + 1_000_000)};" : "",
            Chance(10) ? $" x={Number(now + 1_000_000)};" : Chance(4) ? $" x={Number(now - 100_000)};" : "",
            Chance(20) ? Pick([" i=@k.test;", " i=ann@k.test;", " i=@sub.k.test;", " i=@other.test;", " i=@K.TEST;"]) : "",
            Chance(8) ? Pick([" q=dns/txt;", " q=dns;", " q=dns/txt:x;", " q=http;"]) : "",
            Chance(8) ? Pick([" z=From:ann@k.test|Subject:x;", " unknown=1;", " y=;"]) : "");
        var list = string.Join(Pick([":", " : ", ":\r\n  "]), headers.Select(h => Chance(30) ? h.ToUpperInvariant() : h));
        var algorithm = isSha1 ? "rsa-sha1" : Chance(4) ? "RSA-SHA256" : "rsa-sha256";
        var tags = $" v=1; a={algorithm};{form} d={(Chance(5) ? "K.test" : "k.test")}; s={selector};{more} h={list};";
        draft.Sign(selector is "short" ? _short : _key, isRelaxedHeader, isRelaxedBody, isSha1, headers, length, hash => Chance(50) ? $"{tags}\r\n bh={hash};\r\n b=" : $"{tags} bh={hash}; b=");
        return tags.Replace("\r\n", "", StringComparison.Ordinal);
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(string[] words) => words[_random.Next(words.Length)];
}
