using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Postern.Gate;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Web.Api;
using Postern.Web.Channel;
using Postern.Web.Guards;
using Postern.Web.Page;
using Postern.Web.Settings;
using Postern.Web.Words;

namespace Postern.Web;

/// <summary>Serves the page until a signal ends it.</summary>
internal static class WebServer
{
    private const int BadUsage = 2;
    private const int MostBodyBytes = 16 * 1024 * 1024;
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Runs it.</summary>
    /// <returns>0 after an ordered end, 2 where it cannot begin; then one line on standard error says why.</returns>
    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        var words = WebLanguages.For(ReportLanguages.Choose(
            Environment.GetEnvironmentVariable("LC_ALL"), Environment.GetEnvironmentVariable("LC_MESSAGES"), Environment.GetEnvironmentVariable("LANG")));
        var (options, wrong) = ArgumentReader.Read(arguments);
        if (options is null)
        {
            return Refuse(words.BadArgument(wrong!));
        }

        var tokens = new TokenFile(options.TokenFile);
        if (ListenRules.Check(options, tokens.Trouble) is not ListenRefusal.None and var refusal)
        {
            return Refuse(words.Refused(refusal, options.Place, options.Config));
        }

        if (options.UnixPath is { } path && await SocketPath.ClearAsync(path) is not SocketPathState.Free)
        {
            return Refuse(words.CannotListen(options.Place, path));
        }

        using var tools = new ToolRunner(options.Program);
        await using var app = Build(options, tokens, tools, time);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            return Refuse(words.CannotListen(options.Place, e.Message));
        }

        if (options.UnixPath is { } made && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(made, SocketMode);
        }

        Say(words.Ready(options.Place, tokens.Trouble != TokenTrouble.None));
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The server, which has not begun yet.</summary>
    internal static WebApplication Build(WebOptions options, TokenFile tokens, ToolRunner tools, TimeProvider time)
    {
        // Nothing but the server: no configuration of its own, no log of each request, no routing.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = 200;
            server.Limits.MaxRequestBodySize = MostBodyBytes;
            server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            server.Limits.MaxRequestHeaderCount = 60;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
            Listen(server, options);
        });
        var app = builder.Build();
        var channel = new ControlChannel(options.Socket);
        var router = new Router(
            new RequestGuard(options, tokens, time), new PageFiles(), new AccessEndpoint(options, tokens), new ReadEndpoints(channel), new ChangeEndpoints(channel), new ToolEndpoints(tools, options),
            new EventEndpoint(new EventHub(channel, time), time), static (path, fault) => Say($"{path}: {fault}"));
        app.Run(context => router.AnswerAsync(context, app.Lifetime.ApplicationStopping));
        return app;
    }

    private static void Listen(KestrelServerOptions server, WebOptions options)
    {
        static void Plain(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
        if (options.EndPoint is { } address)
        {
            server.Listen(address, Plain);
        }
        else
        {
            server.ListenUnixSocket(options.UnixPath!, Plain);
        }
    }

    private static int Refuse(string line)
    {
        Say(line);
        return BadUsage;
    }

    private static void Say(string line) => Console.Error.WriteLine("postern-web: " + SafeText.Escape(line));
}
