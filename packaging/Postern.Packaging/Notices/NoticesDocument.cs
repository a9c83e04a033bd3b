using System.Text;

namespace Postern.Packaging.Notices;

/// <summary>The file THIRD-PARTY-NOTICES, and Debian's file <c>copyright</c>, which begins with our own licence.</summary>
internal static class NoticesDocument
{
    /// <summary>What others have made of the program, under which licence.</summary>
    /// <param name="packages">The packages that are part of it.</param>
    /// <param name="data">The notices of what is not a package.</param>
    /// <param name="texts">The licences.</param>
    /// <param name="isDebian">True for Debian, which has some of the licences.</param>
    public static string Write(IReadOnlyList<ShippedPackage> packages, string data, LicenceTexts texts, bool isDebian)
    {
        var text = new StringBuilder("Postern contains work of others.\n\n").Append(data.TrimEnd()).Append('\n');
        foreach (var group in packages.GroupBy(package => package.Licence, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append($"\n\n{Heading(group.Key)}\n{new string('=', Heading(group.Key).Length)}\n");
            foreach (var package in group)
            {
                text.Append($"\n{package.Id} {package.Version}\n  {package.Copyright}\n");
                if (package.Url is not null)
                {
                    text.Append($"  {package.Url}\n");
                }
            }

            text.Append('\n').Append(texts.Read(group.Key, isDebian).Trim('\n')).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Debian's file <c>copyright</c>.</summary>
    /// <param name="licence">Our own licence.</param>
    /// <param name="notices">The notices, as for Debian.</param>
    /// <param name="version">The version of the package.</param>
    public static string WriteCopyright(string licence, string notices, string version) =>
        $"This is Postern {version}, packaged by its own authors.\n\n{licence.Trim()}\n\n\n{notices}\n\nThe runtime of .NET contains work of others in turn: see dotnet-third-party-notices.txt.gz beside this file.\n";

    private static string Heading(string licence) => licence is LicenceTexts.PublicDomain ? "Public domain" : licence;
}
