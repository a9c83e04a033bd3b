namespace Postern.Gate.Milter;

/// <summary>
/// The numbers of the milter protocol, version 6, as sendmail's libmilter (mfdef.h) and Postfix (src/milter/milter8.c) have
/// them. A packet is a length of 32 bits, big-endian, that counts the command and the data; a byte for the command; the data.
/// </summary>
internal static class MilterProtocol
{
    /// <summary>The newest version.</summary>
    public const uint Version = 6;

    /// <summary>The oldest version that Postfix speaks.</summary>
    public const uint OldestVersion = 2;
}

/// <summary>What the mail server says (SMFIC_…).</summary>
internal static class MilterCommand
{
    public const byte Abort = (byte)'A';
    public const byte Body = (byte)'B';
    public const byte Connect = (byte)'C';
    public const byte Macro = (byte)'D';
    public const byte EndOfMessage = (byte)'E';
    public const byte Helo = (byte)'H';
    public const byte QuitNewConnection = (byte)'K';
    public const byte Header = (byte)'L';
    public const byte Mail = (byte)'M';
    public const byte EndOfHeaders = (byte)'N';
    public const byte Negotiate = (byte)'O';
    public const byte Quit = (byte)'Q';
    public const byte Recipient = (byte)'R';
    public const byte Data = (byte)'T';
    public const byte Unknown = (byte)'U';
}

/// <summary>What a milter says (SMFIR_…).</summary>
internal static class MilterAnswer
{
    public const byte Continue = (byte)'c';
    public const byte InsertHeader = (byte)'i';
    public const byte ChangeHeader = (byte)'m';
    public const byte Quarantine = (byte)'q';
    public const byte ReplyCode = (byte)'y';
}

/// <summary>What a milter may do (SMFIF_…).</summary>
[Flags]
internal enum MilterActions : uint
{
    None = 0,
    AddHeaders = 0x01,
    ChangeHeaders = 0x10,
    Quarantine = 0x20,
    SetMacros = 0x100,
}

/// <summary>What the mail server leaves out (SMFIP_NO…), which events get no answer (SMFIP_NR_…), that refused recipients are told too (SMFIP_RCPT_REJ), and how headers come.</summary>
[Flags]
internal enum MilterSteps : uint
{
    None = 0,
    NoData = 0x200,
    RefusedRecipients = 0x800,
    NoEndOfHeaders = 0x40,
    NoAnswerToHeader = 0x80,
    NoAnswerToConnect = 0x1000,
    NoAnswerToHelo = 0x2000,
    NoAnswerToMail = 0x4000,
    NoAnswerToRecipient = 0x8000,
    NoAnswerToData = 0x10000,
    NoAnswerToUnknown = 0x20000,
    NoAnswerToEndOfHeaders = 0x40000,
    NoAnswerToBody = 0x80000,
    HeadersWithLeadingSpace = 0x100000,
}
