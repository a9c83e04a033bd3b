using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Postern.Packaging.Notices;

/// <summary>The list of what the program is made of, as CycloneDX 1.5 has it.</summary>
internal static class BillOfMaterials
{
    /// <summary>Writes the JSON document; the same input makes the same bytes.</summary>
    /// <param name="packages">The packages that are part of the program.</param>
    /// <param name="version">The version of the package.</param>
    /// <param name="made">The time of the last change.</param>
    public static byte[] Write(IReadOnlyList<ShippedPackage> packages, string version, DateTimeOffset made)
    {
        var program = $"pkg:generic/postern@{Uri.EscapeDataString(version)}";
        using var held = new MemoryStream();
        using (var json = new Utf8JsonWriter(held, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.5");
            json.WriteNumber("version", 1);
            json.WriteStartObject("metadata");
            json.WriteString("timestamp", made.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteStartObject("component");
            json.WriteString("type", "application");
            json.WriteString("bom-ref", program);
            json.WriteString("name", "postern");
            json.WriteString("version", version);
            WriteLicence(json, "MIT");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("components");
            foreach (var package in packages)
            {
                WriteComponent(json, package);
            }

            json.WriteEndArray();
            json.WriteStartArray("dependencies");
            WriteNeeds(json, program, packages.Select(package => package.Purl));
            foreach (var package in packages)
            {
                WriteNeeds(json, package.Purl, package.Needs.Select(id => packages.First(other => string.Equals(other.Id, id, StringComparison.OrdinalIgnoreCase)).Purl));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. held.ToArray(), .. Encoding.UTF8.GetBytes("\n")];
    }

    private static void WriteComponent(Utf8JsonWriter json, ShippedPackage package)
    {
        json.WriteStartObject();
        json.WriteString("type", package.Id.Contains(".Runtime.", StringComparison.Ordinal) ? "framework" : "library");
        json.WriteString("bom-ref", package.Purl);
        json.WriteString("name", package.Id);
        json.WriteString("version", package.Version);
        json.WriteStartArray("hashes");
        json.WriteStartObject();
        json.WriteString("alg", "SHA-512");
        json.WriteString("content", package.Sha512);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteLicence(json, package.Licence);
        json.WriteString("copyright", package.Copyright);
        json.WriteString("purl", package.Purl);
        json.WriteEndObject();
    }

    private static void WriteLicence(Utf8JsonWriter json, string licence)
    {
        json.WriteStartArray("licenses");
        json.WriteStartObject();
        json.WriteStartObject("license");
        // Only names of the SPDX list may be ids.
        json.WriteString(licence is LicenceTexts.PublicDomain ? "name" : "id", licence is LicenceTexts.PublicDomain ? "Public domain" : licence);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNeeds(Utf8JsonWriter json, string of, IEnumerable<string> needs)
    {
        json.WriteStartObject();
        json.WriteString("ref", of);
        json.WriteStartArray("dependsOn");
        foreach (var need in needs)
        {
            json.WriteStringValue(need);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
