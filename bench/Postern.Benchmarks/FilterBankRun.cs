using System.Diagnostics;
using System.Globalization;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Benchmarks;

/// <summary>Many filters over one log, each with its own state, as jails run them.</summary>
internal sealed class FilterBankRun
{
    private readonly FilterBank _bank;
    private readonly FilterMatcher[] _matchers;
    private readonly int[] _filters;

    /// <summary>A run of these filters.</summary>
    public FilterBankRun(IReadOnlyList<CompiledFilter> filters)
    {
        var clock = new DateClock(TimeProvider.System, TimeZoneInfo.Local);
        _bank = new FilterBank(filters);
        _matchers = [.. filters.Select(filter => new FilterMatcher(filter, new FilterOptions { Resolve = _ => [] }, clock))];
        _filters = new int[filters.Count];
    }

    /// <summary>Matches so far, of all filters.</summary>
    public long Matched { get; private set; }

    /// <summary>How many filters looked at a line, over all lines.</summary>
    public long Looks { get; private set; }

    /// <summary>All filters of a folder of fail2ban's, with their default options.</summary>
    public static IReadOnlyList<CompiledFilter> LoadAll(string folder)
    {
        var year = TimeProvider.System.GetUtcNow().Year;
        var defaults = new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(year));
        var filters = new List<CompiledFilter>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "filter.d"), "*.conf").Order(StringComparer.Ordinal))
        {
            var (definition, _) = FilterReader.ReadName(folder, Path.GetFileNameWithoutExtension(file), new Dictionary<string, string>(StringComparer.Ordinal), "file");
            if (definition is not null && CompiledFilter.Compile(definition, "warn", year, defaults).Filter is { FailRegex.Count: > 0 } filter)
            {
                filters.Add(filter);
            }
        }

        return filters;
    }

    /// <summary>Sends a line to the filters that must look at it; how many they are.</summary>
    public int Route(ReadOnlySpan<byte> line) => _bank.Route(line, _filters);

    /// <summary>The same, and matches it.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        var count = Route(line);
        Looks += count;
        for (var i = 0; i < count; i++)
        {
            Matched += _matchers[_filters[i]].Match(line).Matches.Count;
        }
    }

    /// <summary>
    /// Runs all filters over a log and prints what it cost. The filters are dealt out to as many threads as there are cores;
    /// each reads the whole log.
    /// </summary>
    public static void Race(string folder, string log)
    {
        var filters = LoadAll(folder);
        var parts = Environment.ProcessorCount;
        var runs = Enumerable.Range(0, parts).Select(part => new FilterBankRun([.. filters.Where((_, i) => i % parts == part)])).ToArray();
        var lines = new long[parts];
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        Parallel.For(0, parts, part => lines[part] = runs[part].TakeAll(log));
        var wall = watch.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{filters.Count} filters, {lines[0]} lines: {wall:F2} s, {used:F2} s of CPU, {lines[0] / wall:F0} lines/s, each sent to {runs.Sum(run => run.Looks) / (double)Math.Max(1, lines[0]):F1} filters, {runs.Sum(run => run.Matched)} matches"));
    }

    private long TakeAll(string log)
    {
        long lines = 0;
        var bytes = new byte[1 << 20];
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        for (int kept = 0, read; (read = file.Read(bytes, kept, bytes.Length - kept)) > 0;)
        {
            ReadOnlySpan<byte> left = bytes.AsSpan(0, kept + read);
            for (var end = left.IndexOf((byte)'\n'); end >= 0; end = left.IndexOf((byte)'\n'))
            {
                Take(left[..end]);
                left = left[(end + 1)..];
                lines++;
            }

            // A line of more than a block is cut.
            kept = left.Length == bytes.Length ? 0 : left.Length;
            left[..kept].CopyTo(bytes);
        }

        return lines;
    }
}
