using System.Text;
using System.Text.Json;
using Postern.Facts;

namespace Postern.Enforcement.BlockLists;

/// <summary>
/// Reads a list of networks: one a line with anything behind it (Spamhaus DROP's text, plain CIDR), a JSON object a line with
/// <c>cidr</c> (Spamhaus DROP's JSON), or CSV with a column <c>value</c> (<c>cscli decisions list -o raw</c>).
/// </summary>
public static class BlockListParser
{
    // No list of networks that send spam names so much at once; a slip does.
    private const int ShortestIPv4 = 8;
    private const int ShortestIPv6 = 16;

    /// <summary>Reads a list.</summary>
    /// <param name="text">The list in UTF-8.</param>
    public static BlockListText Parse(ReadOnlySpan<byte> text)
    {
        List<ClientNetwork> networks = [];
        (int, string)? first = null;
        int refused = 0, number = 0, column = -1;
        foreach (var part in text.Split((byte)'\n'))
        {
            number++;
            var line = Encoding.UTF8.GetString(text[part]).Trim().TrimStart('﻿');
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (column < 0 && ColumnOf(line) is >= 0 and var value)
            {
                column = value;
                continue;
            }

            if (Read(line, column, out var network) is not { } why)
            {
                networks.Add(network);
            }
            else if (why.Length > 0)
            {
                refused++;
                first ??= (number, why);
            }
        }

        return new BlockListText(BlockList.Merge(networks), refused, first);
    }

    // Null for a network; empty for a line that names none on purpose; else why it is refused.
    private static string? Read(string line, int column, out ClientNetwork network)
    {
        network = default;
        if (line[0] == '{')
        {
            return ReadJson(line) is { } cidr ? Check(cidr, out network) : "";
        }

        if (column >= 0)
        {
            var cells = line.Split(',');
            return column < cells.Length ? Check(cells[column].Trim('"', ' '), out network) : "it has no column 'value'";
        }

        var end = line.AsSpan().IndexOfAny(" \t;,#");
        return Check(end < 0 ? line : line[..end], out network);
    }

    private static string? Check(string text, out ClientNetwork network)
    {
        if (!ClientNetwork.TryParse(text, out network))
        {
            return "it names no address or network";
        }

        if (network.PrefixLength < (network.IsIPv4 ? ShortestIPv4 : ShortestIPv6))
        {
            return $"{network} is too large to be meant";
        }

        return PrivateNetworks.Contains(network.First) ? $"{network} is of a private network" : null;
    }

    private static string? ReadJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("cidr", out var cidr) && cidr.ValueKind == JsonValueKind.String ? cidr.GetString()
                // Its last line says when it was made.
                : document.RootElement.TryGetProperty("type", out _) ? null : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static int ColumnOf(string line) => line.Contains(',', StringComparison.Ordinal)
        ? Array.FindIndex(line.Split(','), static cell => cell.Trim('"', ' ').Equals("value", StringComparison.OrdinalIgnoreCase)) : -1;
}
