using Postern.Web.Words;

namespace Postern.Web.Guards;

/// <summary>A request that is not answered as asked.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Code">What it is, for programs.</param>
/// <param name="Message">What it is, for people.</param>
internal sealed record Refusal(int Status, string Code, Func<IWebWords, string> Message);
