using System.Globalization;
using System.Text;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>
/// Writes metrics as OpenMetrics text, in the part of it that is Prometheus' text format as well: the family of a counter bears the name
/// of its samples, with <c>_total</c>, and UNIT stands only where the name ends in it. Prometheus takes both; node_exporter and
/// promtool read the older one alone.
/// </summary>
internal static class OpenMetricsText
{
    /// <summary>The whole exposition, ended by <c># EOF</c>.</summary>
    public static string Write(MetricsReply reply)
    {
        var text = new StringBuilder();
        foreach (var family in reply.Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Name} {family.Type}\n");
            if (family.Unit is { } unit && family.Name.EndsWith("_" + unit, StringComparison.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"# UNIT {family.Name} {unit}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Name} ").Append(Escape(family.Help)).Append('\n');
            foreach (var sample in family.Samples)
            {
                Write(text, family.Name, sample);
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    private static void Write(StringBuilder text, string name, MetricSample sample)
    {
        if (sample.Buckets is not { } buckets)
        {
            Line(text, name, sample.Labels, null, Number(sample.Value));
            return;
        }

        foreach (var bucket in buckets)
        {
            Line(text, name + "_bucket", sample.Labels, Bound(bucket.Le), Number(bucket.Count));
        }

        Line(text, name + "_bucket", sample.Labels, "+Inf", Number(sample.Count ?? 0));
        Line(text, name + "_sum", sample.Labels, null, Number(sample.Value));
        Line(text, name + "_count", sample.Labels, null, Number(sample.Count ?? 0));
    }

    private static void Line(StringBuilder text, string name, SortedDictionary<string, string> labels, string? bound, string number)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (label, value) in labels)
        {
            text.Append(separator).Append(label).Append("=\"").Append(Escape(value)).Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(number).Append('\n');
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // OpenMetrics writes a bound as a floating-point number: 1.0.
    private static string Bound(double bound) => Number(bound) is var number && bound.Equals(Math.Floor(bound)) ? number + ".0" : number;

    // Without an exponent where the number is whole, as counters are read by people, too.
    private static string Number(double number) =>
        double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "+Inf" : "-Inf")
        : Math.Abs(number) < 1e15 && number.Equals(Math.Floor(number)) ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);
}
