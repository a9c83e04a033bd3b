using Postern.Web.Settings;

namespace Postern.Web.Words;

/// <summary>The sentences of the server, in one language. Those of the page are in its files.</summary>
internal interface IWebWords
{
    /// <summary>The code of the language.</summary>
    string Tag { get; }

    /// <summary>The daemon does not answer.</summary>
    string DaemonDown(string socket);

    /// <summary>This user may not open the control socket.</summary>
    string NoPermission(string socket);

    /// <summary>The daemon broke off, or took too long.</summary>
    string NoAnswer { get; }

    /// <summary>Nothing may be changed, and what to do about it.</summary>
    string ReadOnly(TokenTrouble trouble, string? file, string config);

    /// <summary>A token is needed.</summary>
    string TokenNeeded { get; }

    /// <summary>The token is nobody's.</summary>
    string TokenWrong { get; }

    /// <summary>The Host is not one of the page's.</summary>
    string ForeignHost { get; }

    /// <summary>Another page asks.</summary>
    string ForeignOrigin { get; }

    /// <summary>Too many requests.</summary>
    string TooMany { get; }

    /// <summary>The body is not JSON.</summary>
    string NotJson { get; }

    /// <summary>The body is too large.</summary>
    string TooLarge { get; }

    /// <summary>There is nothing of that name.</summary>
    string NotFound { get; }

    /// <summary>Not by this method.</summary>
    string WrongMethod(string allowed);

    /// <summary>A value is missing or not sound.</summary>
    string BadValue(string name);

    /// <summary>Something else of the kind runs already.</summary>
    string Busy { get; }

    /// <summary>A fault of our own.</summary>
    string Fault { get; }

    /// <summary>The work took too long, and was ended.</summary>
    string TookTooLong { get; }

    /// <summary>At the start: an argument is not known.</summary>
    string BadArgument(string argument);

    /// <summary>At the start: why it does not listen there.</summary>
    string Refused(ListenRefusal refusal, string place, string config);

    /// <summary>At the start: it cannot listen.</summary>
    string CannotListen(string place, string why);

    /// <summary>At the start: it listens.</summary>
    string Ready(string place, bool isReadOnly);
}
