using System.CommandLine;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Engine;
using Postern.Engine.Protection;
using Postern.Engine.Replay;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary><c>postern replay</c>: what <c>run</c> would have done with these logs by these settings. Touches nothing.</summary>
internal static class ReplayCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var inputs = new Argument<string[]>("INPUT") { Arity = ArgumentArity.OneOrMore };
        var config = ConfigArgument.Create();
        var against = new Option<string?>("--against") { HelpName = "FILE" };
        var logs = new LogArguments();
        var (wide, format) = (DaemonRequest.WideOption(), DaemonRequest.FormatOption());
        var command = new Command("replay")
        {
            inputs, config, against, wide,
        };
        foreach (var option in logs.Options.Append(format))
        {
            command.Add(option);
        }

        command.SetAction((parsed, stop) => logs.Read(parsed, TimeProvider.System, wording.People.Errors) is not { } scope ? Task.FromResult(ExitCodes.BadUsage) : RunAsync(
            new Arguments(parsed.GetRequiredValue(inputs), parsed.GetValue(config), parsed.GetValue(against), scope, parsed.GetValue(wide), parsed.GetRequiredValue(format) is "json", wording), stop));
        return command;
    }

    private sealed record Arguments(string[] Inputs, string? Config, string? Against, LogScope Scope, bool IsWide, bool IsJson, Wording Wording);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var (time, scope) = (TimeProvider.System, arguments.Scope);
        if (arguments.Against is not null && arguments.Inputs.Contains("-"))
        {
            PosternCommand.Complain(arguments.Wording.People.Errors.AgainstReadsTwice);
            return ExitCodes.BadUsage;
        }

        if (ConfigArgument.LoadOrDefaults(arguments.Config, arguments.Wording.People.Errors) is not { } loaded)
        {
            return ExitCodes.BadUsage;
        }

        LoadedConfig? other = null;
        if (arguments.Against is not null && (other = ConfigArgument.Load(arguments.Against)) is null)
        {
            return ExitCodes.BadUsage;
        }

        using var standardInput = arguments.Inputs.Contains("-") ? Console.OpenStandardInput() : null;
        var request = new ReplayRequest { Inputs = arguments.Inputs, StandardInput = standardInput, Since = scope.Since, Until = scope.Until, Year = scope.Year, Options = new BanEngineOptions() };
        if (await ReplayAsync(request, loaded.Options, scope.Servers, time, arguments.Wording.People.Errors, stop) is not { } result)
        {
            return ExitCodes.BadUsage;
        }

        ReplayResult? against = null;
        if (other is not null && (against = await ReplayAsync(request, other.Options, scope.Servers, time, arguments.Wording.People.Errors, stop)) is null)
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
            ReplayReport.WriteText(writer, result, against, arguments.Wording.People.Replay, arguments.IsWide);
        }

        return ExitCodes.Success;
    }

    private static async Task<ReplayResult?> ReplayAsync(ReplayRequest request, PosternOptions options, IReadOnlyList<System.Net.IPEndPoint> servers, TimeProvider time, IErrorWords words, CancellationToken stop)
    {
        using var progress = ProgressLine.IfTerminal();
        // A name of the allow-list is resolved only where the network may be asked.
        var allow = options.Allow.Where(entry => entry.Network is not null || servers.Count > 0).ToList();
        var (result, failure) = await new ReplayPipeline(time).RunAsync(
            request with
            {
                Options = new BanEngineOptions { Jails = options.AllJails, Brake = options.Brake, Persistence = options.Persistence },
                Protected = await ProtectionSource.FindAsync(allow, new ProtectedNetworks(), stop),
                Check = servers.Count == 0 ? null : Check(options, servers, time),
                Progress = progress is null ? null : progress.Show,
            },
            stop);
        progress?.Clear();
        if (failure is not null)
        {
            PosternCommand.Complain(words.Input(failure));
        }

        return result;
    }

    private static Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>> Check(PosternOptions options, IReadOnlyList<System.Net.IPEndPoint> servers, TimeProvider time)
    {
        var dns = options.Checks.Dns with { Servers = servers };
        var check = new SenderCheck(new CachingResolver(new DnsClientResolver(dns), dns, time), options.Checks, PublicSuffixes.Load(), time);
        return SenderVerdicts.Ask(check, options.Points);
    }
}
