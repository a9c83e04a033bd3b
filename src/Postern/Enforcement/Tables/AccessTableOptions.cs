namespace Postern.Enforcement.Tables;

/// <summary>Who reads an access table.</summary>
public enum AccessTableForm : byte
{
    /// <summary>postscreen's <c>postscreen_access_list</c>, a <c>cidr:</c> table (postscreen(8)).</summary>
    Postscreen,
    /// <summary>smtpd's <c>check_client_access</c>, a <c>cidr:</c> table (access(5), cidr_table(5)).</summary>
    Smtpd,
    /// <summary>Any program: a network a line.</summary>
    List,
}

/// <summary>A file of those who are banned.</summary>
public sealed record AccessTableOptions
{
    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Who reads it.</summary>
    public AccessTableForm Form { get; init; }

    /// <summary>What smtpd answers (access(5)).</summary>
    public string Answer { get; init; } = "421 4.7.0 Too many errors from your address; temporarily blocked, try again later";
}
