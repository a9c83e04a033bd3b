using System.Net;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Postern.Web.Guards;
using Postern.Web.Settings;
using Postern.Web.Words;

namespace Postern.Tests.Web.Guards;

/// <summary>Which requests are answered.</summary>
[SupportedOSPlatform("linux")]
public sealed class RequestGuardTests : IDisposable
{
    private const string Token = "0123456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-guard-").FullName;
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("localhost:10080", null, null, null)]
    [InlineData("127.0.0.1:10080", "http://127.0.0.1:10080", "same-origin", null)]
    [InlineData("[::1]:10080", "http://[::1]:10080", null, null)]
    [InlineData("LOCALHOST:10080", "http://localhost:10080", null, null)]
    [InlineData("postern.example.org", "https://postern.example.org", "same-origin", null)]
    [InlineData("postern.example.org:8443", "https://postern.example.org:8443", null, null)]
    [InlineData("localhost:10080", null, "none", null)]
    [InlineData("evil.example:10080", null, null, "host")]
    [InlineData("", null, null, "host")]
    [InlineData("localhost.evil.example", null, null, "host")]
    [InlineData("localhost:10080", "http://evil.example", null, "origin")]
    [InlineData("localhost:10080", "http://localhost:3000", null, "origin")]
    [InlineData("localhost:10080", "http://127.0.0.1:10080", null, "origin")]
    [InlineData("localhost:10080", "null", null, "origin")]
    [InlineData("localhost:10080", "", null, "origin")]
    [InlineData("localhost:10080", "file://localhost:10080", null, "origin")]
    [InlineData("localhost:10080", null, "cross-site", "origin")]
    [InlineData("localhost:10080", null, "same-site", "origin")]
    public void Host_and_origin_are_the_pages_own(string host, string? origin, string? site, string? refusal)
    {
        var guard = Guard(new WebOptions { Hosts = ["postern.example.org"] });
        var context = Request("GET", "/api/status", host);
        Set(context, "Origin", origin);
        Set(context, "Sec-Fetch-Site", site);
        guard.Check(context, Access.Read).Refusal?.Code.ShouldBe(refusal);
        (guard.Check(context, Access.Read).Refusal is null).ShouldBe(refusal is null);
    }

    [Fact]
    public void Two_origins_are_refused_and_a_link_from_elsewhere_opens_the_page_alone()
    {
        var guard = Guard(new WebOptions());
        var context = Request("GET", "/api/status", "localhost:10080");
        context.Request.Headers.Append("Origin", "http://localhost:10080");
        context.Request.Headers.Append("Origin", "http://evil.example");
        guard.Check(context, Access.Read).Refusal!.Code.ShouldBe("origin");
        foreach (var (path, method, code) in ((string, string, string?)[])[("/", "GET", null), ("/", "POST", "origin"), ("/api/bans", "GET", "origin"), ("/metrics", "GET", "origin")])
        {
            var link = Request(method, path, "localhost:10080");
            Set(link, "Sec-Fetch-Site", "cross-site");
            guard.Check(link, Access.Open).Refusal?.Code.ShouldBe(code, path);
            (guard.Check(link, Access.Open).Refusal is null).ShouldBe(code is null, path);
        }
    }

    [Fact]
    public void A_change_needs_JSON_and_a_token_and_tells_its_holder()
    {
        var guard = Guard(new WebOptions { TokenFile = WriteToken($"alice {Token}") });
        var context = Request("POST", "/api/ban", "localhost:10080");
        foreach (var type in (string?[])[null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"])
        {
            context.Request.ContentType = type;
            guard.Check(context, Access.Change).Refusal!.Code.ShouldBe("not-json", type ?? "");
        }

        context.Request.ContentType = "application/json; charset=utf-8";
        guard.Check(context, Access.Change).Refusal!.Status.ShouldBe(401);
        foreach (var header in (string[])["Bearer", "Bearer ", "Basic " + Token, "Bearer " + Token + "x", Token])
        {
            Set(context, "Authorization", header);
            guard.Check(context, Access.Change).Refusal!.Status.ShouldBe(401, header);
        }

        Set(context, "Authorization", "bearer " + Token);
        guard.Check(context, Access.Change).ShouldBe((null, "alice"));
    }

    [Fact]
    public void Without_a_token_file_nothing_is_changed_and_it_is_told_how_to_make_one()
    {
        var guard = Guard(new WebOptions { Config = "/etc/postern/postern.toml" });
        var context = Request("POST", "/api/ban", "localhost:10080");
        context.Request.ContentType = "application/json";
        Set(context, "Authorization", "Bearer " + Token);
        var refusal = guard.Check(context, Access.Change).Refusal!;
        refusal.Status.ShouldBe(403);
        foreach (var words in WebLanguages.All)
        {
            refusal.Message(words).ShouldContain("token_file");
            refusal.Message(words).ShouldContain("/etc/postern/postern.toml");
            refusal.Message(words).ShouldContain("install -m 0640");
        }
    }

    [Fact]
    public void Reading_needs_a_token_where_that_is_asked_for_and_the_page_itself_never_does()
    {
        var guard = Guard(new WebOptions { ReadsNeedToken = true, TokenFile = WriteToken(Token) });
        var context = Request("GET", "/api/status", "localhost:10080");
        guard.Check(context, Access.Open).Refusal.ShouldBeNull();
        guard.Check(context, Access.Read).Refusal!.Status.ShouldBe(401);
        Set(context, "Authorization", "Bearer " + Token);
        guard.Check(context, Access.Read).Refusal.ShouldBeNull();
    }

    [Fact]
    public void Too_many_changes_are_refused_and_behind_a_proxy_clients_are_told_apart_by_what_the_proxy_saw()
    {
        var guard = Guard(new WebOptions { BehindProxy = true, TokenFile = WriteToken(Token) });
        string? Ask(string forwarded)
        {
            var context = Request("POST", "/api/ban", "localhost");
            context.Request.ContentType = "application/json";
            Set(context, "Authorization", "Bearer " + Token);
            Set(context, "X-Forwarded-For", forwarded);
            return guard.Check(context, Access.Change).Refusal?.Code;
        }

        // What the client itself wrote into the header stands before.
        Enumerable.Range(0, 100).Select(i => Ask($"192.0.2.{i}, 198.51.100.1")).Count(code => code is null).ShouldBe(20);
        Ask("198.51.100.1, 198.51.100.2").ShouldBeNull();
        Enumerable.Range(0, 100).Select(i => Ask($"2001:db8::{i:x}")).Count(code => code is null).ShouldBe(20);
        Ask("198.51.100.1").ShouldBe("too-many-requests");
        _time.Advance(TimeSpan.FromSeconds(2));
        Ask("198.51.100.1").ShouldBeNull();
    }

    private RequestGuard Guard(WebOptions options) => new(options, new TokenFile(options.TokenFile), _time);

    private string WriteToken(string text)
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private static DefaultHttpContext Request(string method, string path, string host)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Host = new HostString(host);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return context;
    }

    private static void Set(DefaultHttpContext context, string name, string? value)
    {
        if (value is not null)
        {
            context.Request.Headers[name] = value;
        }
    }
}
