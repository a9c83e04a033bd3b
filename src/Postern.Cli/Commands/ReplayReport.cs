using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Engine.Replay;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Json;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>Writes the answer of <c>postern replay</c>.</summary>
internal static class ReplayReport
{
    private const int MostRows = 30;

    /// <summary>One document of the schema <c>postern.replay/1</c>.</summary>
    public static void WriteJson(Stream output, ReplayResult result, ReplayResult? against)
    {
        using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
        {
            json.WriteStartObject();
            json.WriteString("schema", "postern.replay/1");
            json.WriteStartObject("period");
            json.WriteString("from", result.From.IsKnown ? Moments.Iso(result.From) : null);
            json.WriteString("to", result.To.IsKnown ? Moments.Iso(result.To) : null);
            json.WriteEndObject();
            json.WriteNumber("sessions", result.Sessions);
            json.WriteStartArray("bans");
            foreach (var ban in result.Bans)
            {
                WriteBan(json, ban);
            }

            json.WriteEndArray();
            json.WriteStartArray("spared");
            foreach (var spared in result.Spared)
            {
                json.WriteStartObject();
                json.WriteString("address", spared.Client.ToString());
                json.WriteString("from", Iso(spared.At));
                json.WriteString("jail", spared.Jail);
                json.WriteString("reason", spared.Detail);
                if (spared.Failures > 0)
                {
                    json.WriteNumber("failures", spared.Failures);
                }
                else
                {
                    json.WriteNull("failures");
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("estimate");
            json.WriteNumber("banned", result.Banned.Count);
            json.WriteNumber("banned_genuine", result.BannedGenuine);
            json.WriteNumber("attackers_missed", result.AttackersMissed);
            json.WriteEndObject();
            if (against is null)
            {
                json.WriteNull("against");
            }
            else
            {
                json.WriteStartObject("against");
                WriteAddresses(json, "added", against.Banned.Except(result.Banned));
                WriteAddresses(json, "removed", result.Banned.Except(against.Banned));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The same for people.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">What would have been done.</param>
    /// <param name="against">The same by other settings; null for none.</param>
    /// <param name="words">The language.</param>
    /// <param name="isWide">True for all rows and columns, however wide.</param>
    public static void WriteText(TextWriter output, ReplayResult result, ReplayResult? against, IReplayWords words, bool isWide)
    {
        var most = isWide ? int.MaxValue : MostRows;
        var text = new StringBuilder();
        text.Append(words.Title(Stamp(result.From), Stamp(result.To), result.Sessions)).Append('\n').Append(words.Bans(result.Bans.Count, result.Banned.Count, result.Spared.Count)).Append("\n\n");
        WriteTable(text, words, isWide, words.Columns, result.Bans.Count, result.Bans.Take(most).Select(one => (string[])
        [
            one.Ban.Network.IsSingle ? one.Ban.Client.ToString() : one.Ban.Network.ToString(), Stamp(one.From), DurationText.Coarse(one.Ban.Until - one.Ban.From),
            words.Name(one.Genuine), words.Decision(SafeText.Escape(one.Ban.Reason)),
        ]));
        WriteTable(text, words, isWide, words.WithheldColumns, result.Spared.Count, result.Spared.Take(most).Select(one => (string[])
            [one.Client.ToString(), Stamp(one.At), words.Decision(SafeText.Escape(one.Detail))]));
        Wrap(text, words.Estimate(result.Banned.Count, result.BannedGenuine, result.AttackersMissed));
        if (against is not null)
        {
            var (added, removed) = (against.Banned.Except(result.Banned).Order().ToList(), result.Banned.Except(against.Banned).Order().ToList());
            Wrap(text, words.Against(added.Count, removed.Count));
            foreach (var line in added.Select(static client => $"  + {client}").Concat(removed.Select(static client => $"  - {client}")).Take(most))
            {
                text.Append(line).Append('\n');
            }

            if (added.Count + removed.Count > most)
            {
                text.Append("  ").Append(words.More(added.Count + removed.Count - most)).Append('\n');
            }
        }

        text.Append(words.Nothing).Append('\n');
        output.Write(text);
    }

    private static void WriteTable(StringBuilder text, IReplayWords words, bool isWide, string[] columns, int all, IEnumerable<string[]> rows)
    {
        var table = new TextTable(columns);
        var shown = 0;
        foreach (var row in rows)
        {
            table.Add(row);
            shown++;
        }

        table.WriteTo(text, isWide ? int.MaxValue : TextStyle.WidestLine);
        if (all > shown)
        {
            text.Append("  ").Append(words.More(all - shown)).Append("\n\n");
        }
    }

    private static void Wrap(StringBuilder text, string sentence)
    {
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine, TextStyle.WidestLine))
        {
            text.Append(line).Append('\n');
        }
    }

    private static void WriteBan(Utf8JsonWriter json, ReplayedBan one)
    {
        var ban = one.Ban;
        json.WriteStartObject();
        json.WriteString("address", ban.Client.ToString());
        json.WriteString("network", ban.Network.ToString());
        json.WriteString("jail", ban.Jail);
        json.WriteString("from", Iso(one.From));
        json.WriteString("until", Iso(one.Until));
        json.WriteString("reason", ban.Reason);
        json.WriteNumber("failures", ban.Failures);
        json.WriteString("genuine", one.Genuine switch
        {
            GenuineSign.Delivered => "delivered",
            GenuineSign.LoggedIn => "logged-in",
            GenuineSign.Proven => "proven",
            _ => null,
        });
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, string name, IEnumerable<ClientAddress> addresses)
    {
        json.WriteStartArray(name);
        foreach (var address in addresses.Order())
        {
            json.WriteStringValue(address.ToString());
        }

        json.WriteEndArray();
    }

    private static string? Stamp(LogTime time) => time.IsKnown ? Moments.Stamp(time) : null;

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
