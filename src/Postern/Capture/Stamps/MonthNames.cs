using System.Collections.Frozen;
using System.Text;

namespace Postern.Capture.Stamps;

/// <summary>
/// The names of months in the languages of glibc's locales, long and short: some writers of logs stamp in their own language.
/// Three short names are other months in Croatian than in Polish and Czech (<c>lip</c>, <c>lis</c>, <c>srp</c>) and are read as these.
/// </summary>
internal static class MonthNames
{
    private const int Longest = 24;

    private static readonly FrozenDictionary<string, int> s_months = Table(
    [
        "ean eanáir ene enero gen gennaio ian ianuarie ion ionawr jaan jaanuar jan janar janeiro januar januari "
            + "januarie január janv janvier janvāris janúar jän jänner led leden ledna oca ocak saus sausio sausis sij "
            + "siječanj siječnja sty styczeń stycznia tammi tammikuu urt urtarrila xan xaneiro yan yanvar ιαν ιανουάριος "
            + "ιανουαρίου сту студзень студзеня січ січень січня янв январь января яну януари јан јануар јануари қаң қаңтар "
            + "հնվ հունվար հունվարի ינו ינואר ينا يناير ژانویه जनवरी जन॰ ม.ค มกราคม იან იანვარი 一月",
        "chw chwefror feabh feabhra feb febbraio febr febreiro febrero februar februari februarie február februāris "
            + "febrúar fev fevereiro fevral févr février helmi helmikuu lut lutego luty ots otsaila shk shkurt vas vasario "
            + "vasaris veebr veebruar velj veljača veljače úno únor února şub şubat φεβ φεβρουάριος φεβρουαρίου ақп ақпан лют "
            + "лютага лютий лютого люты феб фебруар фев февраль февраля февруари փետրվար փետրվարի փտր פבר פברואר فبر فبراير "
            + "فوریه फ़रवरी फ़र॰ ก.พ กุมภาพันธ์ თებ თებერვალი 二月",
        "bře březen března kov kovas kovo maalis maaliskuu maart mac mar marca marec maret mars mart martie marts "
            + "martxoa marzec marzo març março maw mawrth mrt mrz márc március márta mär märts märz ožu ožujak ožujka μάρ "
            + "μάρτιος μαρ μαρτίου бер березень березня мар март марта нау наурыз сак сакавік сакавіка մար մարտ մարտի מרץ مار "
            + "مارس मार्च มี.ค มีนาคม მარ მარტი 三月",
        "abr abril aib aibreán api apirila apr aprel april aprile aprilie aprill apríl aprīlis avril bal balandis "
            + "balandžio dub duben dubna ebr ebrill huhti huhtikuu kwi kwiecień kwietnia nis nisan pri prill tra travanj "
            + "travnja ápr április απρ απρίλιος απριλίου апр апрель апреля април кві квітень квітня кра красавік красавіка "
            + "сәу сәуір ապր ապրիլ ապրիլի אפר אפריל آوریل أبر أبريل अप्रैल เม.ย เมษายน აპრ აპრილი 四月",
        "beal bealtaine geg gegužė gegužės kvě květen května mag maggio mai maiatza maig maijs maio maj maja may mayo "
            + "mayıs maí mei máj május svi svibanj svibnja touko toukokuu μάι μάιος μαΐ μαΐου май мам мамыр мая мај тра "
            + "травень травня մայ մայիս մայիսի מאי ماي مايو مه मई พ.ค พฤษภาคม მაი მაისი 五月",
        "birž birželio birželis cze czerwca czerwiec eka ekaina giu giugno haz haziran iun iunie iyun i̇yn juin jun "
            + "junho juni junie junij junio juny juuni jún június júní jūn jūnijs kesä kesäkuu lipanj lipnja meh mehefin "
            + "meith meitheamh qer qershor xuñ xuño čen červen června ιουν ιουνίου ιούν ιούνιος июн июнь июня мау маусым чер "
            + "червень червня чэр чэрвень чэрвеня юни јун јуни հնս հունիս հունիսի יונ יוני يون يونيو ژوئن जून มิ.ย มิถุนายน "
            + "ივნ ივნისი 六月",
        "gor gorffennaf heinä heinäkuu iul iulie iyul iúil i̇yl juil juillet jul julai julho juli julie julij julio "
            + "juuli júl július júlí jūl jūlijs kor korrik liep liepa liepos lip lipca lipiec lug luglio srpanj srpnja tem "
            + "temmuz uzt uztaila xul xullo čec července červenec ιουλ ιουλίου ιούλ ιούλιος июл июль июля лип липень липня "
            + "ліп ліпень ліпеня шіл шілде юли јул јули հլս հուլիս հուլիսի יול יולי يول يوليو ژوئیه जुलाई जुल॰ ก.ค กรกฎาคม "
            + "ივლ ივლისი 七月",
        "abu abuztua ag ago agosto agu agustus août aug august augusti augusts augustus augusztus avg avgust avq avqust "
            + "aws awst ağu ağustos elo elokuu gsh gusht kol kolovoz kolovoza lún lúnasa ogos rugp rugpjūtis rugpjūčio sie "
            + "sierpień sierpnia srp srpen srpna ágú ágúst αυγ αυγούστου αύγ αύγουστος авг август августа жні жнівень жніўня "
            + "сер серпень серпня там тамыз օգոստոս օգոստոսի օգս אוג אוגוסט أغس أغسطس اوت अगस्त अग॰ ส.ค สิงหาคม აგვ აგვისტო "
            + "八月",
        "eyl eylül ira iraila med medi mfómh rugs rugsėjis rugsėjo ruj rujan rujna sen sentyabr sep sept septembar "
            + "september septembre septembrie septembris septiembre set setembro settembre sht shtator syys syyskuu szept "
            + "szeptember wrz wrzesień września zář září σεπ σεπτέμβριος σεπτεμβρίου вер верасень верасня вересень вересня "
            + "сен сентябрь сентября сеп септембар септември қыр қыркүйек սեպ սեպտեմբեր սեպտեմբերի ספט ספטמבר سبت سبتمبر "
            + "سپتامبر सितंबर सित॰ ก.ย กันยายน სექ სექტემბერი 九月",
        "dfómh eki ekim hyd hydref loka lokakuu oct octobre octombrie octubre okt okto oktobar oktober oktobris "
            + "oktoober oktyabr október ott ottobre out outubro paź październik października spal spalio spalis tet tetor urr "
            + "urria říj říjen října οκτ οκτωβρίου οκτώβριος жов жовтень жовтня кас кастрычнік кастрычніка окт октобар "
            + "октомври октябрь октября қаз қазан հոկ հոկտեմբեր հոկտեմբերի אוק אוקטובר أكت أكتوبر اكتبر अक्तूबर अक्तू॰ ต.ค "
            + "ตุลาคม ოქტ ოქტომბერი 十月",
        "aza azaroa kas kasım lapkr lapkritis lapkričio lis listopad listopada listopadu marras marraskuu noiembrie nov "
            + "novembar november novembre novembris novembro noviembre noy noyabr nën nëntor nóv nóvember samh samhain stu "
            + "studeni studenoga tach tachwedd νοέ νοέμβριος νοε νοεμβρίου лис листопад листопада ліс лістапад лістапада нов "
            + "новембар ное ноември ноя ноябрь ноября қар қараша նմբ նոյեմբեր նոյեմբերի נוב נובמבר نوامبر نوف نوفمبر नवंबर "
            + "नव॰ พ.ย พฤศจิกายน ნოე ნოემბერი 十一月",
        "abe abendua ara aralık dec decembar december decembrie decembris decembro dek dekabr des desember dets "
            + "detsember dez dezember dezembro dhj dhjetor dic dicembre diciembre dis disember déc décembre gru grudnia "
            + "grudzień gruod gruodis gruodžio joulu joulukuu noll nollaig pro prosinac prosinca prosince prosinec rha "
            + "rhagfyr δεκ δεκέμβριος δεκεμβρίου гру грудень грудня дек декабрь декабря декември дец децембар жел желтоқсан "
            + "сне снежань снежня դեկ դեկտեմբեր դեկտեմբերի דצמ דצמבר دسامبر ديس ديسمبر दिसंबर दिस॰ ธ.ค ธันวาคม დეკ დეკემბერი "
            + "十二月",
    ]);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_months.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>1 to 12 for the name of a month, with or without a full stop, whatever the case; else 0.</summary>
    public static int Month(ReadOnlySpan<byte> name)
    {
        name = name.TrimEnd((byte)'.');
        if (name.Length is < 2 or > Longest * 3)
        {
            return 0;
        }

        Span<char> text = stackalloc char[Longest * 3];
        // Older logs are Latin-1.
        if (!Encoding.UTF8.TryGetChars(name, text, out var length) || text[..length].Contains('\uFFFD'))
        {
            length = Encoding.Latin1.GetChars(name, text);
        }

        Span<char> lower = stackalloc char[Longest * 3];
        length = ((ReadOnlySpan<char>)text[..length]).ToLowerInvariant(lower);
        return length > 0 && s_lookup.TryGetValue(lower[..length], out var month) ? month : 0;
    }

    private static FrozenDictionary<string, int> Table(string[] months)
    {
        var table = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var month = 1; month <= months.Length; month++)
        {
            foreach (var name in months[month - 1].Split(' '))
            {
                table.Add(name, month);
            }
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
