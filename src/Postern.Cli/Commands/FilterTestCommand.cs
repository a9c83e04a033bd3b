using System.CommandLine;
using System.Text;
using Postern.Capture.Inputs;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Testing;

namespace Postern.Cli.Commands;

/// <summary><c>postern filter test</c>: which lines of a log a filter matches, as <c>fail2ban-regex</c> tells it.</summary>
internal static class FilterTestCommand
{
    private static readonly string[] s_kinds = ["matched", "ignored", "missed"];

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var filter = new Argument<string>("FILTER") { };
        var logs = new Argument<string[]>("LOG") { Arity = ArgumentArity.OneOrMore };
        var folder = FolderOption();
        var fail = new Option<string[]>("--failregex") { HelpName = "RE" };
        var ignore = new Option<string[]>("--ignoreregex") { HelpName = "RE" };
        var date = new Option<string?>("--datepattern") { HelpName = "P" };
        var maxLines = new Option<int?>("--maxlines") { HelpName = "N" };
        var useDns = new Option<string?>("--usedns") { };
        useDns.AcceptOnlyFromAmong("yes", "warn", "no", "raw");
        var encoding = new Option<string>("--encoding") { DefaultValueFactory = _ => "utf-8", HelpName = "NAME" };
        var now = new Option<string?>("--now") { HelpName = "T" };
        var zone = new Option<string?>("--tz") { HelpName = "ZONE" };
        var print = new Option<string[]>("--print") { AllowMultipleArgumentsPerToken = true, HelpName = "WHICH" };
        print.AcceptOnlyFromAmong(s_kinds);
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var all = s_kinds.Select(kind => new Option<bool>($"--print-all-{kind}") { Hidden = true }).ToArray();
        var command = new Command("test")
        {
            filter, logs, folder, fail, ignore, date, maxLines, useDns, encoding, now, zone, print, format,
        };
        foreach (var option in all)
        {
            command.Add(option);
        }

        command.SetAction((parsed, stop) => Task.Run(() => RunAsync(
            new Request(
                parsed.GetRequiredValue(filter), parsed.GetRequiredValue(logs), parsed.GetRequiredValue(folder), parsed.GetValue(fail) ?? [],
                parsed.GetValue(ignore) ?? [], parsed.GetValue(date), parsed.GetValue(maxLines), parsed.GetValue(useDns), parsed.GetRequiredValue(encoding),
                parsed.GetValue(now), parsed.GetValue(zone),
                [.. parsed.GetValue(print) ?? [], .. s_kinds.Where((_, i) => parsed.GetValue(all[i]))], parsed.GetRequiredValue(format) is "json", wording), stop), stop));
        return command;
    }

    /// <summary>The option that names fail2ban's folder.</summary>
    public static Option<string> FolderOption() =>
        new("--fail2ban") { DefaultValueFactory = _ => "/etc/fail2ban", HelpName = "DIR" };

    private sealed record Request(
        string Filter, string[] Logs, string Folder, string[] FailRegex, string[] IgnoreRegex, string? DatePattern, int? MaxLines, string? UseDns,
        string Encoding, string? Now, string? Zone, string[] Print, bool Json, Wording Wording);

    private static async Task<int> RunAsync(Request request, CancellationToken stop)
    {
        if (Clock(request, out var defaultOffset) is not { } clock)
        {
            return ExitCodes.BadUsage;
        }

        if (Find(request.Encoding) is not { } encoding)
        {
            return Complain(request.Wording.People.Errors.BadEncoding(request.Encoding));
        }

        if (request.MaxLines is <= 0)
        {
            return Complain(request.Wording.People.Errors.BadMaxLines);
        }

        if (Load(request, clock) is not { } filter)
        {
            return ExitCodes.BadUsage;
        }

        var hosts = new Lazy<HostsFile>(() => HostsFile.Load());
        var options = new FilterOptions
        {
            TryAll = true,
            GivePending = true,
            RawNames = filter.UseDns is "raw",
            DefaultOffset = defaultOffset,
            Resolve = name => hosts.Value.Find(name),
        };
        using var output = Console.OpenStandardOutput();
        using var report = FilterTestReport.Create(request.Json, output, filter, clock, [.. request.Print], request.Wording);
        // A summary shows no line.
        Action<TestedLine>? tell = request.Json || request.Print.Length > 0 ? report.Line : null;
        var test = new FilterTest(filter, options, clock, encoding, tell, request.Print.Contains("missed"));
        foreach (var path in request.Logs)
        {
            report.Log = path;
            if (await ReadAsync(path, test, request.Wording.People.Errors, stop) is { } complaint)
            {
                return Complain(complaint);
            }
        }

        report.End(test.Counts);
        return ExitCodes.Success;
    }

    private static DateClock? Clock(Request request, out int? defaultOffset)
    {
        defaultOffset = null;
        var zone = TimeZoneInfo.Local;
        if (request.Zone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
        {
            zone = TimeZoneInfo.Local;
            defaultOffset = ZoneOffsets.Minutes(name);
            if (defaultOffset is null)
            {
                Complain(request.Wording.People.Errors.BadZone(name));
                return null;
            }
        }

        if (!TimeArgument.TryParse(request.Now, TimeProvider.System, out var now))
        {
            Complain(request.Wording.People.Errors.BadNow);
            return null;
        }

        return new DateClock(now.IsKnown ? new FixedClock(now.ToDateTimeOffset()) : TimeProvider.System, zone);
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return name.Equals("auto", StringComparison.OrdinalIgnoreCase) ? new UTF8Encoding(false) : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static CompiledFilter? Load(Request request, DateClock clock)
    {
        var (definition, complaint) = FilterSource.Read(request.Filter, request.Folder);
        if (definition is null)
        {
            Complain(complaint!);
            return null;
        }

        definition = definition with
        {
            Places = WithoutGiven(request, definition.Places),
            FailRegex = request.FailRegex.Length > 0 ? request.FailRegex : definition.FailRegex,
            IgnoreRegex = request.IgnoreRegex.Length > 0 ? request.IgnoreRegex : definition.IgnoreRegex,
            DatePattern = request.DatePattern ?? definition.DatePattern,
            MaxLines = request.MaxLines ?? definition.MaxLines,
            UseDns = request.UseDns ?? definition.UseDns,
        };
        var year = clock.Now.Year;
        var (filter, errors) = CompiledFilter.Compile(definition, "warn", year, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(year)));
        if (filter is null)
        {
            Complain(FilterSource.Describe(definition, errors[0]) + (errors.Count > 1 ? request.Wording.People.Errors.MoreFilterErrors(errors.Count - 1) : ""));
        }

        return filter;
    }

    // What the command line gives stands in no file.
    private static Dictionary<string, ConfigPlace> WithoutGiven(Request request, IReadOnlyDictionary<string, ConfigPlace> places) => places
        .Where(place => !(request.FailRegex.Length > 0 && place.Key.StartsWith("failregex", StringComparison.Ordinal))
            && !(request.IgnoreRegex.Length > 0 && place.Key.StartsWith("ignoreregex", StringComparison.Ordinal))
            && !(request.DatePattern is not null && place.Key is "datepattern"))
        .ToDictionary(StringComparer.Ordinal);

    // Any text is a log here, whatever wrote it; only compression is recognised.
    private static async Task<string?> ReadAsync(string path, FilterTest test, IErrorWords words, CancellationToken stop)
    {
        try
        {
            using var raw = path is "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
            var head = new byte[CompressionReader.MagicLength];
            var length = raw.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            using var whole = new PeekedStream(head.AsMemory(0, length), raw);
            var compression = CompressionReader.Recognise(head.AsSpan(0, length));
            if (compression == Compression.None)
            {
                await test.RunAsync(whole, stop);
                return null;
            }

            using var unpacked = CompressionReader.Open(whole, compression);
            await test.RunAsync(unpacked, stop);
            return unpacked.Damage is { } damage ? $"{path}: {damage}" : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return words.NoFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? words.NoPermission(path) : $"{path}: {e.Message}";
        }
    }

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
