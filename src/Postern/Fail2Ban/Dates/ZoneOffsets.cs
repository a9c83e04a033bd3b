using System.Globalization;

namespace Postern.Fail2Ban.Dates;

/// <summary>
/// Time zones as log lines and <c>logtimezone</c> name them: <c>UTC</c>, <c>CET</c>, <c>+02:00</c>, <c>UTC+0530</c>. An abbreviation
/// stands for one fixed offset; a few are ambiguous in the world, and fail2ban's choice is kept.
/// </summary>
internal static class ZoneOffsets
{
    private const string Table = """
        -12 Y
        -11 X NUT SST
        -10 W CKT HAST HST TAHT TKT
        -9.5 MART MIT
        -9 V AKST GAMT GIT HADT HNY
        -8 U AKDT CIST HAY HNP PST PT
        -7 T HAP HNR MST PDT
        -6 S CST EAST GALT HAR HNC MDT
        -5 R CDT COT EASST ECT EST ET HAC HNE PET
        -4.5 HLV VET
        -4 Q AST BOT CLT COST EDT FKT GYT HAE HNA PYT
        -3.5 HNT NST NT
        -3 P ADT ART BRT CLST FKST GFT HAA PMST PYST SRT UYT WGT
        -2.5 HAT NDT
        -2 O BRST FNT PMDT UYST WGST
        -1 N AZOT CVT EGT
        0 Z EGST GMT UTC WET WT
        1 A CET DFT WAT WEDT WEST
        2 B CAT CEDT CEST EET SAST WAST
        3 C EAT EEDT EEST IDT MSK
        3.5 IRST
        4 D AMT AZT GET GST KUYT MSD MUT RET SAMT SCT
        4.5 AFT IRDT
        5 E AMST AQTT AZST HMT MAWT MVT PKT TFT TJT TMT UZT YEKT
        5.5 SLT
        5.75 NPT
        6 F ALMT BIOT BTT IOT KGT NOVT OMST YEKST
        6.5 CCT MMT
        7 G CXT DAVT HOVT ICT KRAT NOVST OMSST THA WIB
        8 H ACT AWST BDT BNT CAST HKT IRKT KRAST MYT PHT SGT ULAT WITA WST
        9 I AWDT IRKST JST KST PWT TLT WDT WIT YAKT
        9.5 ACST
        10 K AEST ChST PGT VLAT YAKST YAPT
        10.5 ACDT LHST
        11 L AEDT LHDT MAGT NCT PONT SBT VLAST VUT
        11.5 NFT
        12 M ANAST ANAT FJT GILT MAGST MHT NZST PETST PETT TVT WFT
        13 FJST NZDT
        """;

    private static readonly Dictionary<string, int> s_minutes = ReadTable();

    /// <summary>The offset in minutes east of UTC; null where the zone is not known.</summary>
    public static int? Minutes(string zone)
    {
        var letters = 0;
        while (letters < zone.Length && char.IsAsciiLetterUpper(zone[letters]))
        {
            letters++;
        }

        var minutes = 0;
        if (letters > 0 && !s_minutes.TryGetValue(zone[..letters], out minutes))
        {
            return null;
        }

        var rest = zone[letters..];
        if (rest.Length == 0)
        {
            return minutes;
        }

        if (rest.Length is not (3 or 5 or 6) || rest[0] is not ('+' or '-') || rest[1] is not ('0' or '1') || (rest.Length == 6 && rest[3] != ':'))
        {
            return null;
        }

        var tail = rest.Length == 3 ? "" : rest[^2..];
        if (!int.TryParse(rest.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours))
        {
            return null;
        }

        var more = 0;
        if (tail.Length > 0 && !int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out more))
        {
            return null;
        }

        var offset = (hours * 60) + more;
        return minutes + (rest[0] == '-' ? -offset : offset);
    }

    private static Dictionary<string, int> ReadTable()
    {
        var minutes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var offset = (int)(double.Parse(words[0], CultureInfo.InvariantCulture) * 60);
            foreach (var name in words.AsSpan(1))
            {
                minutes[name] = offset;
            }
        }

        return minutes;
    }
}
