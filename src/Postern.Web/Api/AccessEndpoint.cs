using Microsoft.AspNetCore.Http;
using Postern.Web.Guards;
using Postern.Web.Settings;

namespace Postern.Web.Api;

/// <summary>What may be done: <c>postern.access/1</c>. The page asks before it offers anything, and after a token was entered.</summary>
/// <param name="options">How the page is served.</param>
/// <param name="tokens">The tokens.</param>
internal sealed class AccessEndpoint(WebOptions options, TokenFile tokens)
{
    /// <summary>Its path.</summary>
    public const string Path = "/api/access";

    /// <summary>Answers.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var trouble = tokens.Trouble;
        var holder = RequestGuard.TokenOf(context.Request) is { } token ? tokens.HolderOf(token) : null;
        return Answers.JsonAsync(context, StatusCodes.Status200OK, Answers.Json(json =>
        {
            json.WriteString("schema", "postern.access/1");
            json.WriteBoolean("changes", trouble == TokenTrouble.None);
            json.WriteBoolean("reads_need_token", options.ReadsNeedToken);
            json.WriteString("holder", holder);
            json.WriteString("message", trouble == TokenTrouble.None ? null : Answers.WordsOf(context.Request).ReadOnly(trouble, options.TokenFile, options.Config));
        }));
    }
}
