using System.CommandLine;
using System.Text.Json;
using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Engine.Protection;
using Postern.Explain;
using Postern.Facts;
using Postern.Reports.Html;
using Postern.Reports.Json;
using Postern.Reports.Languages;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary><c>postern explain</c>: who abuses the server, and why, from logs and notices.</summary>
internal static class ExplainCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var inputs = new Argument<string[]>("INPUT") { Arity = ArgumentArity.OneOrMore };
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "html");
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE" };
        var logs = new LogArguments();
        var details = new Option<bool>("--details") { };
        var all = new Option<bool>("--all") { };
        var (config, wide) = (ConfigArgument.Create(), DaemonRequest.WideOption());
        var command = new Command("explain")
        {
            inputs, format, output,
        };
        foreach (var option in logs.Options.Concat([details, all, wide, config]))
        {
            command.Add(option);
        }

        command.SetAction((parsed, stop) =>
        {
            var request = new Request(
                parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(format), parsed.GetValue(output), parsed.GetValue(details), parsed.GetValue(all), parsed.GetValue(wide), wording);
            // An address that is no file is a client of the running daemon.
            return request.Inputs is [var address] && ClientAddress.TryParse(address, out _) && !Path.Exists(address)
                ? AskDaemonAsync(address, parsed.GetValue(config), request, stop)
                : logs.Read(parsed, TimeProvider.System, wording.People.Errors) is { } scope ? RunAsync(request, scope, stop) : Task.FromResult(ExitCodes.BadUsage);
        });
        return command;
    }

    private sealed record Request(string[] Inputs, string Format, string? Output, bool Details, bool All, bool Wide, Wording Wording);

    private static async Task<int> AskDaemonAsync(string address, string? configPath, Request request, CancellationToken stop)
    {
        var words = request.Wording.People;
        string Text(JsonElement reply)
        {
            var parts = new LiveExplanationParts(words, isWhole: request.Wide || request.Format is "html").Of(reply);
            return request.Format is "html" ? LiveExplanationPage.Write(parts, address, words.Tag)
                : LiveExplanationText.Write(parts, request.Wide ? int.MaxValue : TextStyle.WidestLine);
        }

        return await DaemonRequest.RunAsync(
            configPath, new ControlRequest(ControlCommands.Explain) { Subject = address }, request.Format, request.Wording, Text, stop, file: request.Output);
    }

    private static async Task<int> RunAsync(Request request, LogScope scope, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var suffixes = new Lazy<PublicSuffixes>(() => PublicSuffixes.Load());
        using var standardInput = request.Inputs.Contains("-") ? Console.OpenStandardInput() : null;
        using var progress = ProgressLine.IfTerminal();
        var (explanation, failure) = await new ExplainPipeline(time).ExplainAsync(
            new ExplainRequest
            {
                Inputs = request.Inputs,
                StandardInput = standardInput,
                Since = scope.Since,
                Until = scope.Until,
                Year = scope.Year,
                All = request.All,
                Machine = new OwnMachine(Environment.MachineName, OwnAddresses.Find()),
                IsGenericName = (name, address) => GenericName.Judge(name, address, suffixes.Value).Kind >= GenericNameKind.Numbered,
                Progress = progress is null ? null : progress.Show,
            }, stop);
        progress?.Clear();
        if (explanation is null)
        {
            PosternCommand.Complain(request.Wording.People.Errors.Input(failure!));
            return ExitCodes.BadUsage;
        }

        if (scope.Servers.Count > 0)
        {
            explanation = await new ClientTests(scope.Servers, suffixes.Value, time).AddAsync(explanation, stop);
        }

        Write(explanation, request);
        return ExitCodes.Success;
    }

    private static void Write(Explanation explanation, Request request)
    {
        // A script reads JSON: its words must not change with the locale of cron.
        var language = ReportLanguages.For(request.Wording.For(request.Format).Tag);
        using var stream = request.Output is null ? Console.OpenStandardOutput() : new FileStream(request.Output, FileMode.Create, FileAccess.Write, FileShare.Read);
        if (request.Format is "json")
        {
            JsonReport.Write(explanation, stream, language);
            return;
        }

        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        if (request.Format is "html")
        {
            HtmlReport.Write(explanation, writer, language, ProgramName.Current);
            return;
        }

        if (request.Details || request.All)
        {
            TextReport.Write(explanation, writer, language, Style(request));
        }
        else
        {
            OutlineReport.Write(explanation, writer, language, Style(request));
        }
    }

    private static TextStyle Style(Request request)
    {
        var isTerminal = request.Output is null && !Console.IsOutputRedirected;
        return new TextStyle
        {
            All = request.All,
            Program = ProgramName.Current,
            Width = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : TextStyle.WidestLine,
            Colour = TextStyle.WantsColour(isTerminal, Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM")),
        };
    }
}
