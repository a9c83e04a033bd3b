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
    /// <summary>
    /// Judges a name by its part below the registered domain: what a company is called (cable-and-mail.example) says
    /// nothing of its machines.
    /// </summary>
    public static GenericName Judge(string name, ClientAddress client, PublicSuffixes suffixes)
    {
        var lower = name.ToLowerInvariant();
        var registered = suffixes.RegisteredDomain(lower);
        var local = registered is null ? lower : lower[..Math.Max(0, lower.Length - registered.Length)].TrimEnd('.');
        if (local.Length == 0)
            return new(GenericNameKind.Chosen, "");

        string? access = null, mail = null, fixedLine = null;
        var accessCount = 0;
        foreach (var word in AddressInName.Words(local))
        {
            if (NameWords.IsMail(word))
                mail ??= word;
            else if (NameWords.IsFixed(word))
                fixedLine ??= word;
            else if (NameWords.IsAccess(word) && ++accessCount > 0)
                access ??= word;
        }

        var part = AddressInName.Find(local, client);
        var hasDigits = local.AsSpan().ContainsAnyInRange('0', '9');
        var inside = part switch
        {
            AddressPart.Whole => "it contains the address",
            AddressPart.Most => "it contains three quarters of the address",
            AddressPart.End => "it contains the end of the address",
            _ => "it is numbered",
        };

        if (access is null)
        {
            return part switch
            {
                AddressPart.None => new(GenericNameKind.Chosen, ""),
                AddressPart.End => mail is null ? new(GenericNameKind.Pool, inside) : new(GenericNameKind.Chosen, ""),
                _ => new(mail is null ? GenericNameKind.Numbered : GenericNameKind.Pool, inside),
            };
        }

        var words = $"{inside}, and the word '{access}'";
        // A name of mail that lies below 'customers' or 'static.cable' is a customer's own server, and has to be judged as such.
        if (mail is not null)
            return part is AddressPart.Whole or AddressPart.Most ? new(GenericNameKind.Numbered, words) : new(GenericNameKind.Chosen, "");
        if (fixedLine is not null && part != AddressPart.None)
            return new(GenericNameKind.Numbered, $"{words}, but also '{fixedLine}'");
        if (part != AddressPart.None)
            return new(GenericNameKind.Access, words);
        return hasDigits
            ? new(accessCount > 1 && fixedLine is null ? GenericNameKind.Access : GenericNameKind.Numbered, words)
            : new(GenericNameKind.Chosen, "");
    }
}
