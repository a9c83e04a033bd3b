using System.CommandLine;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Running;
using Postern.Engine.Replay;
using Postern.Facts;
using Postern.Reports;

namespace Postern.Cli.Commands;

/// <summary><c>postern replay</c>: what <c>run</c> would have done with these logs by these settings. Touches nothing.</summary>
internal static class ReplayCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "Mail logs, mailboxes or Maildirs with Postfix's notices; plain or compressed; - for standard input", Arity = ArgumentArity.OneOrMore };
        var config = ConfigArgument.Create();
        var against = new Option<string?>("--against") { Description = "Show which bans these other settings would add and remove", HelpName = "FILE" };
        var since = new Option<string?>("--since") { Description = "Only what happened at or after this (2026-11-25T01:00, or 24h for the last day)", HelpName = "T" };
        var until = new Option<string?>("--until") { Description = "Only what happened at or before this", HelpName = "T" };
        var year = new Option<int?>("--year") { Description = "The year of each log's first line, where stamps have none", HelpName = "Y" };
        var resolver = new Option<string?>("--resolver") { Description = "Ask this DNS server before a ban, as run does", HelpName = "ADDR[:PORT]" };
        var offline = new Option<bool>("--offline") { Description = "Ask no network; this is the default" };
        var format = DaemonRequest.FormatOption();
        var lang = new Option<string?>("--lang") { Description = "en or ja; else by LANG", HelpName = "en|ja" };
        lang.AcceptOnlyFromAmong([.. ReportLanguages.Tags]);
        var command = new Command("replay", "Show whom 'run' would have banned in these logs, at the logs' own times; bans nobody")
        {
            inputs, config, against, since, until, year, resolver, offline, format, lang,
        };
        command.SetAction((parsed, stop) => RunAsync(
            new Arguments(parsed.GetRequiredValue(inputs), parsed.GetValue(config), parsed.GetValue(against), parsed.GetValue(since), parsed.GetValue(until), parsed.GetValue(year),
                parsed.GetValue(resolver), parsed.GetValue(offline), parsed.GetRequiredValue(format) is "json", parsed.GetValue(lang)), stop));
        return command;
    }

    private sealed record Arguments(
        string[] Inputs, string? Config, string? Against, string? Since, string? Until, int? Year, string? Resolver, bool Offline, bool IsJson, string? Lang);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var time = TimeProvider.System;
        if (!TimeArgument.TryParse(arguments.Since, time, out var since) || !TimeArgument.TryParse(arguments.Until, time, out var until))
        {
            return Complain("--since and --until take a time such as 2026-11-25T01:00, or a span before now such as 90m, 24h or 7d");
        }

        if (arguments.Year is < 1980 or > 9000)
        {
            return Complain("--year takes a year of four digits");
        }

        if (!ResolverArgument.TryParse(arguments.Resolver, out var servers))
        {
            return Complain(ResolverArgument.Complaint(arguments.Resolver));
        }

        if (servers.Count > 0 && arguments.Offline)
        {
            return Complain("--resolver and --offline exclude each other");
        }

        if (arguments.Against is not null && arguments.Inputs.Contains("-"))
        {
            return Complain("--against reads the logs twice, so they cannot come from standard input");
        }

        if (ConfigArgument.LoadOrDefaults(arguments.Config) is not { } loaded)
        {
            return ExitCodes.BadUsage;
        }

        LoadedConfig? other = null;
        if (arguments.Against is not null && (other = ConfigArgument.Load(arguments.Against)) is null)
        {
            return ExitCodes.BadUsage;
        }

        using var standardInput = arguments.Inputs.Contains("-") ? Console.OpenStandardInput() : null;
        var request = new ReplayRequest { Inputs = arguments.Inputs, StandardInput = standardInput, Since = since, Until = until, Year = arguments.Year, Options = new GatekeeperOptions() };
        if (await ReplayAsync(request, loaded.Options, servers, time, stop) is not { } result)
        {
            return ExitCodes.BadUsage;
        }

        ReplayResult? against = null;
        if (other is not null && (against = await ReplayAsync(request, other.Options, servers, time, stop)) is null)
        {
            return ExitCodes.BadUsage;
        }

        using var output = Console.OpenStandardOutput();
        if (arguments.IsJson)
        {
            ReplayReport.WriteJson(output, result, against);
        }
        else
        {
            using var writer = new StreamWriter(output);
            ReplayReport.WriteText(writer, result, against, ReplayWords.Of(arguments.Lang ?? ReportLanguages.Choose(
                Environment.GetEnvironmentVariable("LC_ALL"), Environment.GetEnvironmentVariable("LC_MESSAGES"), Environment.GetEnvironmentVariable("LANG"))));
        }

        return ExitCodes.Success;
    }

    private static async Task<ReplayResult?> ReplayAsync(ReplayRequest request, PosternOptions options, IReadOnlyList<System.Net.IPEndPoint> servers, TimeProvider time, CancellationToken stop)
    {
        using var progress = ProgressLine.IfTerminal();
        // A name of the allow-list is resolved only where the network may be asked.
        var allow = options.Allow.Where(entry => entry.Network is not null || servers.Count > 0).ToList();
        var (result, failure) = await new ReplayPipeline(time).RunAsync(
            request with
            {
                Options = new GatekeeperOptions { Jails = options.AllJails, Brake = options.Brake, Persistence = options.Persistence },
                Protected = await ProtectionSource.FindAsync(allow, new ProtectedNetworks(), stop),
                Check = servers.Count == 0 ? null : Check(options, servers, time),
                Progress = progress is null ? null : progress.Show,
            },
            stop);
        progress?.Clear();
        if (failure is not null)
        {
            PosternCommand.Complain(failure.Message);
        }

        return result;
    }

    private static Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>> Check(PosternOptions options, IReadOnlyList<System.Net.IPEndPoint> servers, TimeProvider time)
    {
        var dns = options.Checks.Dns with { Servers = servers };
        var check = new SenderCheck(new CachingResolver(new DnsClientResolver(dns), dns, time), options.Checks, PublicSuffixes.Load(), time);
        return SenderVerdicts.Ask(check, options.Points);
    }

    private static int Complain(string message)
    {
        PosternCommand.Complain(message);
        return ExitCodes.BadUsage;
    }
}
