import { h, fill, table, field } from './dom.js';
import { t, word, number, time } from './words.js';
import { workForm } from './checks.js';

export function open(root) {
  const file = h('input', { type: 'file', name: 'file' });
  const log = h('textarea', { name: 'log', spellcheck: 'false' });
  const settings = h('textarea', { name: 'settings', spellcheck: 'false', placeholder: '[jail]\nfindtime = "10m"\nmaxretry = 10\nbantime = "1h"' });
  const result = h('div', { id: 'result' });
  file.addEventListener('change', async () => {
    if (file.files.length > 0) {
      log.value = await file.files[0].text();
    }
  });
  fill(root, h('h1', null, t('nav.replay')), h('p', { class: 'soft' }, t('replay.what')),
    workForm([field(t('replay.file'), file), field(t('replay.log'), log, 'wide'), field(t('replay.settings'), settings, 'wide')],
      t('replay.run'), 'api/replay', () => ({ log: log.value, settings: settings.value }), result, show), result);
  return {};
}

function show(reply) {
  const estimate = reply.estimate ?? {};
  return [
    h('h2', null, t('replay.result', { sessions: number(reply.sessions), bans: number(reply.bans.length) })),
    h('p', { class: 'soft' }, `${time(reply.period?.from)} – ${time(reply.period?.to)}`),
    estimate.banned_genuine > 0 ? h('p', { class: 'bad' }, t('replay.genuine', { n: number(estimate.banned_genuine) })) : null,
    reply.bans.length === 0 ? h('p', { class: 'soft' }, t('bans.none')) : table(t('replay.bans'),
      [{ title: t('ban.network'), className: 'address' }, { title: t('ban.jail') }, { title: t('ban.from'), className: 'time' }, { title: t('ban.until'), className: 'time' }, { title: t('ban.reason') }, { title: t('replay.but') }],
      reply.bans.slice(0, 500).map(ban => [ban.network, ban.jail, time(ban.from), time(ban.until), ban.reason, ban.genuine ? h('span', { class: 'bad' }, word('genuine', ban.genuine)) : '–'])),
    reply.spared.length === 0 ? null : table(t('replay.spared'), [{ title: t('client.address'), className: 'address' }, { title: t('ban.from'), className: 'time' }, { title: t('client.why') }],
      reply.spared.slice(0, 500).map(one => [one.address, time(one.from), one.reason])),
  ];
}
