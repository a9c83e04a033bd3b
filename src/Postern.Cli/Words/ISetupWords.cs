namespace Postern.Cli.Words;

/// <summary>What <c>setup</c> says.</summary>
internal interface ISetupWords
{
    /// <summary>The first line of a new configuration.</summary>
    string FirstLine { get; }

    /// <summary>The heading of what was found.</summary>
    string Found { get; }

    /// <summary>The label of the log.</summary>
    string Log { get; }

    /// <summary>The label of the notices.</summary>
    string Notices { get; }

    /// <summary>The label of those who are never banned.</summary>
    string NeverBanned { get; }

    /// <summary>The label of programs for the firewall.</summary>
    string Firewall { get; }

    /// <summary>The label of the resolver.</summary>
    string Resolver { get; }

    /// <summary>The log is the journal.</summary>
    string Journal { get; }

    /// <summary>No log was found.</summary>
    string NoLog { get; }

    /// <summary>A mailbox of notices.</summary>
    string Mailbox(string path, bool canRead);

    /// <summary>Notices are handed over by a pipe.</summary>
    string HandedOver(string program);

    /// <summary>Notices go where they cannot be read.</summary>
    string Elsewhere(string place);

    /// <summary>Who is never banned.</summary>
    string Networks(string own, string mynetworks);

    /// <summary>fail2ban is not installed.</summary>
    string NoFail2Ban { get; }

    /// <summary>The state and the jails of fail2ban.</summary>
    string Fail2BanJails(bool runs, IEnumerable<string> jails);

    /// <summary>Programs beside which Postern bans.</summary>
    string Beside(IEnumerable<string> programs);

    /// <summary>No such program.</summary>
    string OwnTable { get; }

    /// <summary>The resolvers.</summary>
    string Servers(string addresses, bool isPublic, bool isLocal);

    /// <summary>No resolver.</summary>
    string NoServers { get; }

    /// <summary>A DNS list that answers.</summary>
    string ListAnswers(string zone);

    /// <summary>No DNS list was asked.</summary>
    string ListsNotAsked { get; }

    /// <summary>A file that would be made.</summary>
    string NewFile(string file);

    /// <summary>Lines that would be added to a file.</summary>
    string Additions(string file);

    /// <summary>A file that has all.</summary>
    string SameFile(string file);

    /// <summary>The heading of commands.</summary>
    string PostfixChanges { get; }

    /// <summary>Nothing to change in Postfix.</summary>
    string PostfixSame { get; }

    /// <summary>The heading of the commands that take it back.</summary>
    string Undo { get; }

    /// <summary>The heading of the notes.</summary>
    string Notes { get; }

    /// <summary>All stands already.</summary>
    string Nothing { get; }

    /// <summary>Nothing was written.</summary>
    string NotWritten(string command);

    /// <summary>The file was written.</summary>
    string Written(string file);

    /// <summary>Where the old file is.</summary>
    string KeptAs(string file);

    /// <summary>The heading of the next steps.</summary>
    string Next { get; }

    /// <summary>Why Postfix is reloaded.</summary>
    string StepReload { get; }

    /// <summary>Why Postern is started again.</summary>
    string StepStart { get; }

    /// <summary>Why the doctor is asked.</summary>
    string StepDoctor { get; }

    /// <summary>When to enforce.</summary>
    string StepEnforce { get; }

    /// <summary>The mode was added to a file that had none.</summary>
    string DryRun { get; }

    /// <summary>A log that was asked for beside one that is set.</summary>
    string LogKept(string asked);

    /// <summary>How notices can be handed over.</summary>
    string HandOver { get; }

    /// <summary>fail2ban still runs.</summary>
    string TwoFail2Bans { get; }

    /// <summary>A command failed.</summary>
    string PostfixFailed(string command, string why);

    /// <summary>The result would not be valid.</summary>
    string Unsound(string file);

    /// <summary>What a listener takes.</summary>
    string BadListen(string option, string text);

    /// <summary>What takes an absolute path.</summary>
    string BadPath(string option, string text);

    /// <summary>A question on a terminal, to be answered with y or n.</summary>
    string Ask(SetupQuestion kind, string detail);
}

/// <summary>What <c>setup</c> asks on a terminal.</summary>
internal enum SetupQuestion
{
    /// <summary>Whether the policy server is to be used.</summary>
    Policy,
    /// <summary>Whether fail2ban's jails are to run in Postern.</summary>
    Fail2Ban,
    /// <summary>Whether the doctor's recommendations for Postfix are to be followed.</summary>
    Harden,
    /// <summary>Whether all that is to be written.</summary>
    Write,
}
