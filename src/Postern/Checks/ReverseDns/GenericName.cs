using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.ReverseDns;

/// <summary>What a PTR name looks like, the best first.</summary>
internal enum GenericNameKind : byte
{
    /// <summary>A name that somebody chose.</summary>
    Chosen,
    /// <summary>A mail server's name with the address, or a part of it, inside: large senders number their machines so.</summary>
    Pool,
    /// <summary>The address in a name, without a word for mail or for an access network: a machine at a hosting provider.</summary>
    Numbered,
    /// <summary>The name of a line of an access network.</summary>
    Access,
}

/// <summary>Tells names that were chosen from names that a provider generates for every address.</summary>
/// <param name="Kind">The class.</param>
/// <param name="Why">What in the name decided, for the operator; empty for a chosen one.</param>
internal readonly record struct GenericName(GenericNameKind Kind, string Why)
{
    private static readonly ProviderNames s_shipped = new([]);

    /// <summary>
    /// Judges a name by its part below what a registry gave away: what a company is called (cable-and-mail.example) says nothing of
    /// its machines, but an address in it (ip-192-0-2.example) does. What a provider of the table calls its customers comes first.
    /// </summary>
    public static GenericName Judge(string name, ClientAddress client, PublicSuffixes suffixes, ProviderNames? providers = null)
    {
        var lower = name.TrimEnd('.').ToLowerInvariant();
        var registered = suffixes.RegistryDomain(lower);
        var local = registered is null ? lower : lower[..Math.Max(0, lower.Length - registered.Length)].TrimEnd('.');
        var words = WordsOf.Read(local);
        var provider = (providers ?? s_shipped).Find(lower);
        if (provider is { Kind: ProviderKind.Mail })
        {
            return new(AddressInName.Find(local, client) >= AddressPart.End ? GenericNameKind.Pool : GenericNameKind.Chosen, $"{provider.Value.Suffix} sends mail by machines with numbers");
        }

        if (provider is { } found && OfProvider(found, client, local) is { } customer)
        {
            return customer;
        }

        var part = AddressInName.Find(local, client);
        // The provider's domain itself may hold the address; there a part of it could be chance.
        if (part < AddressPart.Most && registered is not null && AddressInName.Find(lower, client) is >= AddressPart.Most and var whole)
        {
            part = whole;
        }

        if (local.Length == 0 && part < AddressPart.Most)
        {
            return new(GenericNameKind.Chosen, "");
        }

        var hasDigits = local.AsSpan().ContainsAnyInRange('0', '9');
        var inside = Inside(part);
        if (words.Access is not { } access)
        {
            return part switch
            {
                AddressPart.None when words.Mail is null && NameShape.HoldsHardwareAddress(local) => new(GenericNameKind.Access, "it contains a hardware address"),
                AddressPart.None when words.Mail is null && NameShape.IsSerial(local) => new(GenericNameKind.Numbered, "it is a serial number"),
                AddressPart.None => new(GenericNameKind.Chosen, ""),
                AddressPart.End => words.Mail is null ? new(GenericNameKind.Pool, inside) : new(GenericNameKind.Chosen, ""),
                _ => new(words.Mail is null ? GenericNameKind.Numbered : GenericNameKind.Pool, inside),
            };
        }

        var why = $"{inside}, and the word '{access}'";
        // A name of mail that lies below 'customers' or 'static.cable' is a customer's own server, and has to be judged as such.
        if (words.Mail is not null)
        {
            return part is AddressPart.Whole or AddressPart.Most ? new(GenericNameKind.Numbered, why) : new(GenericNameKind.Chosen, "");
        }

        if (words.Fixed is not null && part != AddressPart.None)
        {
            return new(GenericNameKind.Numbered, $"{why}, but also '{words.Fixed}'");
        }

        if (part != AddressPart.None)
        {
            return new(GenericNameKind.Access, why);
        }

        if (hasDigits)
        {
            return new(words.Fixed is null && (words.AccessCount > 1 || words.IsPool || NameShape.OfLine(local) is not null) ? GenericNameKind.Access : GenericNameKind.Numbered, why);
        }

        return words.IsPool && words.Fixed is null && IsBarePool(local) ? new(GenericNameKind.Access, $"'{access}' is the name of a whole pool") : new(GenericNameKind.Chosen, "");
    }

    /// <summary>A customer of a provider in the table; null for a machine of the provider's own.</summary>
    private static GenericName? OfProvider((ProviderKind Kind, string Suffix, string Below) provider, ClientAddress client, string local)
    {
        var (kind, suffix, below) = provider;
        var words = WordsOf.Read(local);
        var part = AddressInName.Find(local, client);
        // "mx-" may be anything in the name of a pool that holds the whole address.
        var isSurelyLine = kind == ProviderKind.Access && part == AddressPart.Whole && words.IsPool && !IsMailLike(below);
        if (!isSurelyLine && (words.Mail is not null || words.IsServer || IsMailLike(below)))
        {
            return null;
        }

        var why = part != AddressPart.None ? Inside(part)
            : words.Access is { } access ? $"the word '{access}'"
            : below.Length == 0 || words.Fixed is not null ? "one name for a whole pool"
            : NameShape.OfLine(below);
        return why is null ? null
            : kind == ProviderKind.Rented || (words.Fixed is not null && part != AddressPart.None) ? new(GenericNameKind.Numbered, $"{why}, below {suffix}")
            : new(GenericNameKind.Access, $"{why}, below {suffix}");
    }

    private static string Inside(AddressPart part) => part switch
    {
        AddressPart.Whole => "it contains the address",
        AddressPart.Most => "it contains three quarters of the address",
        AddressPart.End => "it contains the end of the address",
        _ => "it is numbered",
    };

    // One name for all addresses says what they are in its first label, or in its only ones.
    private static bool IsBarePool(string local)
    {
        var first = local.AsSpan(0, local.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : local.Length);
        foreach (var word in AddressInName.Words(first.ToString()))
        {
            if (!NameWords.IsPool(word) && word is not ("ip" or "ips" or "host" or "user" or "client" or "customer" or "line"))
            {
                return false;
            }
        }

        return true;
    }

    // Run together with other words, as in elasmtp or avasout.
    private static bool IsMailLike(string below)
    {
        foreach (var word in (string[])["mail", "smtp", "mta", "relay", "outbound", "postfix", "imap"])
        {
            if (below.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the words of a name say.</summary>
    private readonly record struct WordsOf(string? Mail, string? Access, int AccessCount, string? Fixed, bool IsPool, bool IsServer)
    {
        public static WordsOf Read(string local)
        {
            var words = default(WordsOf);
            foreach (var word in AddressInName.Words(local))
            {
                if (NameWords.IsMail(word))
                {
                    words = words with { Mail = words.Mail ?? word };
                }
                else if (NameWords.IsFixed(word))
                {
                    words = words with { Fixed = words.Fixed ?? word };
                }
                else if (NameWords.IsAccess(word))
                {
                    words = words with { Access = words.Access ?? word, AccessCount = words.AccessCount + 1, IsPool = words.IsPool || NameWords.IsPool(word) };
                }
                else
                {
                    words = words with { IsServer = words.IsServer || NameWords.IsServer(word) };
                }
            }

            return words;
        }
    }
}
