using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Postern.Cli.Configuration;

/// <summary>Writes settings as TOML or JSON.</summary>
internal static class ConfigWriter
{
    /// <summary>As TOML: plain keys, then tables. A key without a value is a comment.</summary>
    public static string Toml(ConfigTable root)
    {
        var text = new StringBuilder();
        Write(text, root, "");
        return text.ToString();
    }

    /// <summary>As JSON. A key without a value is null.</summary>
    public static void Json(ConfigValue value, Utf8JsonWriter json)
    {
        switch (value)
        {
            case ConfigText text:
                json.WriteStringValue(text.Text);
                break;
            case ConfigNumber number:
                json.WriteNumberValue(number.Number);
                break;
            case ConfigFlag flag:
                json.WriteBooleanValue(flag.Flag);
                break;
            case ConfigList list:
                json.WriteStartArray();
                list.Items.ForEach(item => Json(item, json));
                json.WriteEndArray();
                break;
            case ConfigTable table:
                json.WriteStartObject();
                foreach (var (name, inner) in table.Entries)
                {
                    json.WritePropertyName(name);
                    Json(inner, json);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Write(StringBuilder text, ConfigTable table, string path)
    {
        foreach (var (name, value) in table.Entries.Where(static pair => !IsSection(pair.Value)))
        {
            text.Append(value is ConfigAbsent ? $"# {Key(name)} has no default\n" : $"{Key(name)} = {Inline(value)}\n");
        }

        foreach (var (name, value) in table.Entries.Where(static pair => IsSection(pair.Value)))
        {
            var own = path + Key(name);
            foreach (var section in value is ConfigList list ? list.Items.Cast<ConfigTable>() : [(ConfigTable)value])
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(value is ConfigList ? $"[[{own}]]\n" : $"[{own}]\n");
                Write(text, section, own + ".");
            }
        }
    }

    private static bool IsSection(ConfigValue value) => value is ConfigTable || (value is ConfigList { Items: [ConfigTable, ..] });

    private static string Inline(ConfigValue value) => value switch
    {
        ConfigText text => TomlEditor.Text(text.Text),
        ConfigNumber number => number.Number.ToString("R", CultureInfo.InvariantCulture),
        ConfigFlag flag => flag.Flag ? "true" : "false",
        ConfigList list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
        ConfigTable table => $"{{ {string.Join(", ", table.Entries.Select(static pair => $"{Key(pair.Key)} = {Inline(pair.Value)}"))} }}",
        _ => "\"\"",
    };

    private static string Key(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : TomlEditor.Text(name);
}
