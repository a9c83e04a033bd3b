using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>The warnings about the input.</summary>
internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Say(UnknownForm form) => $"{Number(form.Lines)} 行: {form.Daemon}: {SafeText.Escape(form.Form)}";

    /// <inheritdoc/>
    public string Warning(ReportWarning warning)
    {
        var number = Number(warning.Number);
        var sentence = warning.Kind switch
        {
            WarningKind.DamagedArchive => $"圧縮データが途中で切れているか、壊れています。{number} 行までは読み取れました。",
            WarningKind.LongLines => $"非常に長い行が {number} 行あり、途中で打ち切りました。",
            WarningKind.ForeignNotices => $"Postfix の通知に似たメッセージが {number} 通ありましたが、このサーバーの Postfix が作ったものではないため除外しました。",
            WarningKind.UnreadableNotices => $"読み取れないメッセージまたはフォルダーが {number} 件ありました。",
            WarningKind.YearUncertain => "ログの日時に年がなく、推定した年では未来の日付になります。--year で年を指定してください。",
            WarningKind.TextNotLogged => $"ログには内容の残らない未知のコマンドが {number} 件あります。Postfix 3.6 以前では「.」だけの行もここに含まれます。Postfix の notify_classes に protocol を加え、通知メールも入力に含めると、送られた内容が分かります。",
            WarningKind.NoPostfix => $"{number} 行のうち、Postfix の行は一つもありません。",
            WarningKind.ReadError => "最後まで読み取れませんでした。",
            WarningKind.NoSessionOtherDaemons => $"Postfix の行は {number} 行ありますが、接続元のセッションは記録されていません。qmgr、smtp、local、cleanup など別のデーモンの行です。セッションは smtpd と postscreen が記録します。その行を含むログを指定してください。",
            WarningKind.NoSessionUnknownForms => $"セッションを示す行がなく、{number} 行は未知の形式です。形式は一覧に示します。",
            WarningKind.NoSessionOutsidePeriod => $"Postfix の行 {number} 行は、すべて --since と --until の範囲外です。",
            WarningKind.DoubledLines => $"すべての行が 2 度ずつ記録されています（Postfix の行は {number} 行）。1 度として数えました。syslog の 2 つの規則、または supervisor が同じファイルに書いていると見られます。",
            WarningKind.RelayedWithoutLogin => $"認証なしで複数の他ドメインに送信した接続元が {number} 件あります（{SafeText.Escape(warning.Text)}）。許可したものかどうかはログからは分かりません。「postconf mynetworks relay_domains」と比べてください。どちらにも該当しなければ、不正中継（オープンリレー）の状態です。",
            WarningKind.NoSessionFragments => $"Postfix の行 {number} 行に、集計の対象になるセッションがありません。接続のない記録だけか、--since と --until の範囲外です。",
            _ => throw new ArgumentOutOfRangeException(nameof(warning)),
        };
        return warning.Input is null ? sentence : Labelled(SafeText.Escape(warning.Input), sentence);
    }
}
