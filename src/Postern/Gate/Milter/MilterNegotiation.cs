using System.Buffers;
using System.Buffers.Binary;

namespace Postern.Gate.Milter;

/// <summary>What mail server and milter agreed on: of what the server offers, the smallest set that serves.</summary>
/// <param name="Version">The protocol's version.</param>
/// <param name="Actions">What we may do.</param>
/// <param name="Steps">What the server leaves out, and what gets no answer.</param>
internal sealed record MilterNegotiation(uint Version, MilterActions Actions, MilterSteps Steps)
{
    // SMFIM_ENVFROM and SMFIM_ENVRCPT: the stages of MAIL FROM and RCPT TO.
    private static readonly (uint Stage, string Macros)[] s_macros = [(2, "i {auth_authen} {auth_type}"), (3, "{rcpt_mailer} {rcpt_host} {rcpt_addr}")];

    private const MilterActions Wanted = MilterActions.AddHeaders | MilterActions.ChangeHeaders | MilterActions.Quarantine | MilterActions.SetMacros;

    private const MilterSteps Spared =
        MilterSteps.NoData | MilterSteps.NoEndOfHeaders | MilterSteps.RefusedRecipients
        | MilterSteps.NoAnswerToHelo | MilterSteps.NoAnswerToMail | MilterSteps.NoAnswerToRecipient | MilterSteps.NoAnswerToHeader | MilterSteps.NoAnswerToBody
        | MilterSteps.NoAnswerToData | MilterSteps.NoAnswerToUnknown | MilterSteps.NoAnswerToEndOfHeaders
        | MilterSteps.HeadersWithLeadingSpace;

    /// <summary>Before any negotiation: everything gets an answer, and headers come without their leading space.</summary>
    public static MilterNegotiation None { get; } = new(0, MilterActions.None, MilterSteps.None);

    /// <summary>Agrees with what a server offers; null where the offer cannot be read or is too old.</summary>
    public static MilterNegotiation? Of(in ReadOnlySequence<byte> data, MilterReplies replies)
    {
        if (data.Length < 12)
        {
            return null;
        }

        Span<byte> offer = stackalloc byte[12];
        data.Slice(0, 12).CopyTo(offer);
        var version = BinaryPrimitives.ReadUInt32BigEndian(offer);
        if (version < MilterProtocol.OldestVersion)
        {
            return null;
        }

        var agreed = new MilterNegotiation(
            Math.Min(version, MilterProtocol.Version),
            (MilterActions)BinaryPrimitives.ReadUInt32BigEndian(offer[4..]) & Wanted,
            (MilterSteps)BinaryPrimitives.ReadUInt32BigEndian(offer[8..]) & Spared);
        replies.Negotiated(agreed.Version, agreed.Actions, agreed.Steps, agreed.May(MilterActions.SetMacros) ? s_macros : []);
        return agreed;
    }

    /// <summary>True where we may do this.</summary>
    public bool May(MilterActions action) => (Actions & action) != MilterActions.None;

    /// <summary>True where this was agreed.</summary>
    public bool Has(MilterSteps step) => (Steps & step) != MilterSteps.None;

    /// <summary>True where the server waits for an answer to this command.</summary>
    public bool WantsAnswer(byte command) => command switch
    {
        MilterCommand.Connect => !Has(MilterSteps.NoAnswerToConnect),
        MilterCommand.Helo => !Has(MilterSteps.NoAnswerToHelo),
        MilterCommand.Mail => !Has(MilterSteps.NoAnswerToMail),
        MilterCommand.Recipient => !Has(MilterSteps.NoAnswerToRecipient),
        MilterCommand.Data => !Has(MilterSteps.NoAnswerToData),
        MilterCommand.Unknown => !Has(MilterSteps.NoAnswerToUnknown),
        MilterCommand.Header => !Has(MilterSteps.NoAnswerToHeader),
        MilterCommand.EndOfHeaders => !Has(MilterSteps.NoAnswerToEndOfHeaders),
        MilterCommand.Body => !Has(MilterSteps.NoAnswerToBody),
        _ => false,
    };
}
