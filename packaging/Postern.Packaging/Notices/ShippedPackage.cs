namespace Postern.Packaging.Notices;

/// <summary>A package whose code is part of the program.</summary>
/// <param name="Id">Its name in the registry.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">Its licence by SPDX; <c>LicenseRef-PublicDomain</c> for what belongs to nobody.</param>
/// <param name="Copyright">Whose it is.</param>
/// <param name="Url">Where it is at home; null where it does not say.</param>
/// <param name="Sha512">The hash of the package's file, in hexadecimal digits.</param>
/// <param name="Needs">The names of those that it needs.</param>
internal sealed record ShippedPackage(string Id, string Version, string Licence, string Copyright, string? Url, string Sha512, IReadOnlyList<string> Needs)
{
    /// <summary>Its name for tools that know many registries.</summary>
    public string Purl => $"pkg:nuget/{Id}@{Version}";
}
