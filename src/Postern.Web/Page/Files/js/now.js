import { h, fill } from './dom.js';
import { t, word, behaviour, learn, number, time, duration } from './words.js';
import { get } from './api.js';
import { Plot } from './plots.js';

const ranges = ['hour', 'day', 'week', 'month', 'year'];
const mostLive = 30;
let range = 'hour';
let live = [];

// What happens lately, newest first; kept while the page is open.
export function remember(event) {
  live = [event, ...live].slice(0, mostLive);
}

export function open(root, context) {
  const troubles = h('div');
  const tiles = h('ul', { class: 'tiles' });
  const parts = h('div', { class: 'columns' });
  const list = h('ol', { class: 'live', id: 'live', 'aria-live': 'off' });
  const plots = ['behaviours', 'bans', 'mail', 'lag'].map(name => [name, new Plot(t(`plot.${name}`))]);
  const choice = h('fieldset', null, h('legend', null, t('now.range')), ranges.map(name => h('label', null,
    h('input', { type: 'radio', name: 'range', value: name, checked: name === range, onchange: () => { range = name; refreshPlots(); } }), t(`range.${name}`))));
  fill(root, h('h1', null, t('nav.now')), troubles, tiles, choice, h('div', { class: 'plots' }, plots.map(([, plot]) => plot.element)),
    h('h2', null, t('now.happening')), h('p', { class: 'soft small' }, t('now.live')), list, h('h2', null, t('now.parts')), parts);

  const drawLive = () => fill(list, live.length === 0 ? h('li', null, h('span', { class: 'soft' }, t('now.quiet'))) : live.map(event => row(event)));

  async function refreshStatus() {
    const [status, bans] = await Promise.all([get('api/status'), get('api/bans?limit=1')]);
    showTroubles(troubles, status);
    fill(tiles, tile(word('mode', status.mode), t('now.mode')), tile(number(bans.total), t(status.mode === 'dry-run' ? 'now.would-banned' : 'now.banned')),
      tile(number(status.suppressed), t('now.spared')), tile(number(status.clients), t('now.clients')),
      tile(status.logs.length ? duration(Math.max(0, ...status.logs.map(log => log.lag_ms ?? 0))) : '–', t('now.lag')),
      tile(word('brake', status.brake.state), t('now.brake')));
    fill(parts, part(t('now.logs'), status.logs.map(log => [log.path, `${t('now.lines', { n: number(log.lines) })}${log.lag_ms === null ? '' : ', ' + t('now.delay', { n: duration(log.lag_ms) })}`, log.trouble])),
      part(t('now.jails'), status.jails.map(jail => [jail.name, t('now.jail', { failures: number(jail.failures), banned: number(jail.banned) })])),
      part(t('now.firewalls'), status.firewalls.map(firewall => [firewall.name, word('firewall', firewall.state), firewall.trouble])),
      part(t('now.listeners'), status.listeners.map(listener => [listener.name, `${listener.address}, ${word('listener', listener.mode)}`])),
      h('p', { class: 'soft small' }, t('now.version', { version: status.version, since: time(status.since) })));
  }

  async function refreshPlots() {
    const history = await get(`api/history?range=${range}`);
    learn(history.names);
    const from = Date.parse(history.from) / 1000;
    const find = name => history.series.find(line => line.name === name)?.values;
    const empty = () => new Array(history.series[0]?.values.length ?? 0).fill(0);
    const shown = series => ({ series, from, step: history.step_seconds });
    const [behaviours, bans, mail, lag] = plots.map(([, plot]) => plot);
    behaviours.show(shown(byBehaviour(history.series)));
    bans.show(shown([{ label: t('series.bans'), values: find('bans') ?? empty() }, { label: t('series.spared'), values: find('spared') ?? empty() }]));
    mail.show(shown(history.series.filter(line => line.name.startsWith('mail/')).map(line => ({ label: word('mail', line.name.slice(5)), values: line.values }))));
    lag.show({ ...shown([{ label: t('series.lag'), values: find('lag_ms') ?? empty() }]), format: duration, peak: true });
    drawLive();
  }

  const refresh = () => Promise.all([refreshStatus(), refreshPlots()]);
  drawLive();
  return {
    refresh, every: 15000,
    event: () => { drawLive(); context.soon(refresh); },
    theme: () => plots.forEach(([, plot]) => plot.data && plot.draw()),
    close: () => plots.forEach(([, plot]) => plot.close()),
  };
}

// The most frequent ones, and the rest together.
function byBehaviour(series) {
  const total = line => line.values.reduce((a, b) => a + b, 0);
  const lines = series.filter(line => line.name.startsWith('behaviour/') && total(line) > 0).sort((a, b) => total(b) - total(a));
  const shown = lines.slice(0, 7).map(line => ({ label: behaviour(line.name.slice(10)), values: line.values }));
  if (lines.length > 7) {
    shown.push({ label: t('series.other'), values: lines[0].values.map((_, i) => lines.slice(7).reduce((sum, line) => sum + line.values[i], 0)) });
  }

  return shown;
}

function showTroubles(root, status) {
  const troubles = [...status.troubles, ...status.brake.why.map(why => t('now.brake-why', { why })),
    ...status.account_takeovers.map(one => t('now.takeover', { user: one.user, clients: number(one.clients) }))];
  fill(root, troubles.length === 0 ? null : h('section', { class: 'box bad', 'aria-labelledby': 'troubles' }, h('h2', { id: 'troubles' }, t('now.troubles')),
    h('ul', null, troubles.map(text => h('li', null, text))),
    status.brake.state === 'holding' ? h('p', null, t('now.brake-release'), ' ', h('code', null, 'postern brake release')) : null));
}

const tile = (value, label) => h('li', null, h('b', null, value), h('span', null, label));

const part = (title, rows) => rows.length === 0 ? null : h('section', null, h('h3', null, title), h('ul', null, rows.map(([name, text, trouble]) =>
  h('li', null, h('span', { class: 'code' }, name), ': ', text, trouble ? h('span', { class: 'bad' }, ` – ${trouble}`) : null))));

function row(event) {
  const what = event.action === 'session' ? event.behaviours.map(id => h('span', { class: 'chip' }, behaviour(id)))
    : [h('strong', null, word('action', event.action)), ' ', [event.reason, event.subject, event.detail].filter(Boolean).join(' – ')];
  return h('li', { class: 'fresh' }, h('time', { datetime: event.at, class: 'soft' }, time(event.at)),
    event.address ? h('a', { class: 'code', href: `#clients/${event.address}` }, event.network && !event.network.startsWith(event.address + '/') ? event.network : event.address) : h('span'), h('span', null, what));
}
