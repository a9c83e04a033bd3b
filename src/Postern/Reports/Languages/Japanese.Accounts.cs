using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    private const int NetworksNamed = 6;

    /// <inheritdoc/>
    public string Advise(Campaign campaign) => campaign.Cause != Cause.PasswordGuesser ? "" : Join(
    [
        "認証は 465 番と 587 番のポートだけで提供してください（master.cf の smtp サービスで smtpd_sasl_auth_enable = no）。",
        campaign.Networks.Count > 0 ? $"{List([.. campaign.Networks.Take(NetworksNamed).Select(static network => network.Network.ToString())])} に自分のユーザーがいなければ、ネットワークごと遮断できます。" : "",
        "どのアドレスも単独では上限に達しないため、強いパスワードか 2 要素認証が最も有効です。",
    ]);

    /// <inheritdoc/>
    public string Say(AccountTakeover takeover) =>
        $"「{SafeText.Short(takeover.User, 60)}」が、これまで使われていなかった {Number(takeover.Networks.Count)} のネットワークの {Number(takeover.Clients.Count)} アドレスから {Number(takeover.Logins)} 回ログインしています"
        + (takeover.From.IsKnown ? $"（{Range(takeover.From, takeover.To)}）" : "") + $": {List(Named(takeover.Networks))}。";

    /// <inheritdoc/>
    public string Advise(AccountTakeover takeover) =>
        "直ちにパスワードを変更し、接続中のセッションを切断して、メールキューに残る不正なメールを確認してください。パスワードを保存していた端末の点検も必要です。意図して多くの機器で共有しているアカウントであれば、機器ごとに分けてください。";

    private Answer? Takeovers(Overview overview) => overview.Explanation.Takeovers is not { Count: > 0 } takeovers ? null
        : new("乗っ取られたアカウントはあるか",
            $"ほぼ確実にあります。{Number(takeovers.Count)} 件のアカウントが、互いに無関係な多数のネットワークから短時間にログインしています。{Advise(takeovers[0])}",
            [.. takeovers.Take(NetworksNamed).Select(Say)]);

    private string Said(Campaign campaign) => Join(
    [
        campaign.Failures > 0 ? $"ログインの失敗は {Number(campaign.Failures)} 回です。" : "",
        campaign.Networks.Count > 0 ? $"ネットワーク: {List([.. campaign.Networks.Select(network => $"{network.Network}（{Number(network.Clients)} アドレス）")])}。" : "",
        campaign.UserNames.Count > 0 ? $"ユーザー名: {List([.. campaign.UserNames.Select(static name => SafeText.Short(name, 40))])}。" : "",
    ]);

    private List<string> Named(IReadOnlyList<ClientNetwork> networks)
    {
        var names = networks.Take(NetworksNamed).Select(static network => network.ToString()).ToList();
        if (networks.Count > names.Count)
        {
            names.Add($"+{Number(networks.Count - names.Count)}");
        }

        return names;
    }
}
