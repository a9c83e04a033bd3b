namespace Postern.Packaging.Notices;

/// <summary>The texts of packaging/licences.</summary>
/// <param name="folder">That folder.</param>
internal sealed class LicenceTexts(string folder)
{
    /// <summary>The name for what has no owner.</summary>
    public const string PublicDomain = "LicenseRef-PublicDomain";

    // Debian keeps these once for all packages, and wants them named, not repeated.
    private static readonly string[] s_common = ["Apache-2.0"];

    /// <summary>The text of a licence.</summary>
    /// <param name="licence">Its SPDX name.</param>
    /// <param name="isDebian">True to name Debian's own copy where it has one.</param>
    public string Read(string licence, bool isDebian)
    {
        if (licence is PublicDomain)
        {
            return "It is in the public domain.\n";
        }

        if (isDebian && s_common.Contains(licence, StringComparer.Ordinal))
        {
            return $"On Debian systems the text of this licence is in /usr/share/common-licenses/{licence}.\n";
        }

        var file = Path.Combine(folder, $"{licence}.txt");
        return File.Exists(file) ? File.ReadAllText(file) : throw new InvalidDataException($"{file} is missing: the text of a licence that a package has");
    }
}
