namespace Postern.Facts;

/// <summary>A form of lines that the grammar does not know.</summary>
/// <param name="Daemon">The daemon's name, such as <c>smtpd</c>.</param>
/// <param name="Form">The message, with addresses, names, numbers, queue ids and all that a client may have written replaced: <c>lost faith in HOST[IP]: TEXT</c>.</param>
/// <param name="Lines">How many lines have it; where there are very many, an estimate.</param>
public readonly record struct UnknownForm(string Daemon, string Form, long Lines);
