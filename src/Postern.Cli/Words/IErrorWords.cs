using Postern.Explain;

namespace Postern.Cli.Words;

/// <summary>Mistakes of a command line and of what it names, each one line. What was given is escaped by whoever writes the line.</summary>
internal interface IErrorWords
{
    /// <summary>An input that cannot be read.</summary>
    string Input(ExplainFailure failure);

    /// <summary>A command that does not exist.</summary>
    string UnknownCommand(string name, string? nearest);

    /// <summary>A word that the command does not take.</summary>
    string Unrecognised(string word);

    /// <summary>An argument that is missing.</summary>
    string MissingArgument(string argument, string command);

    /// <summary>A command that needs another one behind it.</summary>
    string MissingCommand(string command, IEnumerable<string> choices);

    /// <summary>An option without its value.</summary>
    string MissingValue(string option);

    /// <summary>A value that is not one of those an option takes.</summary>
    string NotOneOf(string option, string value, IEnumerable<string> choices);

    /// <summary>A value that is not a whole number.</summary>
    string NotANumber(string option, string value);

    /// <summary>Where help is.</summary>
    string SeeHelp(string command);

    /// <summary>Stopped by a signal.</summary>
    string Stopped { get; }

    /// <summary>Text that is not an address.</summary>
    string NotAnAddress(string text);

    /// <summary>Text that is not an address or network.</summary>
    string NotANetwork(string text);

    /// <summary>Text that is not an address, network or name.</summary>
    string NotAName(string text);

    /// <summary>What <c>--for</c> takes.</summary>
    string BadSpan(string text);

    /// <summary>A mistake in a line of a list.</summary>
    string InLine(int line, string mistake);

    /// <summary>A list without an entry.</summary>
    string EmptyList { get; }

    /// <summary>What <c>unban</c> takes.</summary>
    string AddressOrAll { get; }

    /// <summary>What <c>--since</c> and <c>--until</c> take.</summary>
    string BadTime { get; }

    /// <summary>What <c>--now</c> takes.</summary>
    string BadNow { get; }

    /// <summary>What <c>--year</c> takes.</summary>
    string BadYear { get; }

    /// <summary>What <c>--days</c> takes.</summary>
    string BadDays { get; }

    /// <summary>What <c>--resolver</c> takes.</summary>
    string BadResolver(string? text);

    /// <summary>Two options of which only one can be.</summary>
    string ResolverAndOffline { get; }

    /// <summary>An encoding that is not known.</summary>
    string BadEncoding(string name);

    /// <summary>What <c>--maxlines</c> takes.</summary>
    string BadMaxLines { get; }

    /// <summary>A time zone that is not known.</summary>
    string BadZone(string name);

    /// <summary>Standard input cannot be read twice.</summary>
    string AgainstReadsTwice { get; }

    /// <summary>The message is not a mail message.</summary>
    string NotAMessage { get; }

    /// <summary>The message is too large.</summary>
    string MessageTooLarge(long megabytes);

    /// <summary>The message is empty.</summary>
    string MessageEmpty(string path);

    /// <summary>The message cannot be read.</summary>
    string MessageUnreadable(string why);

    /// <summary>DNS as a whole does not answer.</summary>
    string NoDns(string detail);

    /// <summary>The default configuration cannot be read and is not used.</summary>
    string ConfigNotUsed(string file, string why);

    /// <summary>There are more mistakes in a filter.</summary>
    string MoreFilterErrors(int more);

    /// <summary>A file that does not exist.</summary>
    string NoFile(string path);

    /// <summary>A file that may not be read.</summary>
    string NoPermission(string path);

    /// <summary>The daemon does not run.</summary>
    string NotRunning(string socket);

    /// <summary>The program of the page is missing, or cannot be run.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="why">Why it cannot be run; null where it is missing.</param>
    string NoWebProgram(string program, string? why);

    /// <summary>The socket may not be used.</summary>
    string NoSocketPermission(string socket);

    /// <summary>What answers is not postern.</summary>
    string NotPostern(string socket);

    /// <summary>The daemon does not answer.</summary>
    string NoAnswer { get; }

    /// <summary>The daemon ended.</summary>
    string DaemonEnded { get; }

    /// <summary>The reply is too large.</summary>
    string ReplyTooLarge { get; }

    /// <summary>A path that no socket can have.</summary>
    string BadSocket(string socket);

    /// <summary>The form of a sentence about the configuration, for the English one; that itself where it is not known.</summary>
    string Setting(string form);
}
