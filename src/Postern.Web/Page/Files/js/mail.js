import { h, fill, table, field, select } from './dom.js';
import { t, word, number, time } from './words.js';
import { get } from './api.js';
import { change } from './changes.js';

let days = '7';

export function open(root, context) {
  const body = h('div', { id: 'decisions' });
  fill(root, h('h1', null, t('nav.mail')), h('div', { class: 'form' }, field(t('mail.days'), select('days', ['1', '7', '30'].map(n => [n, t('mail.last', { n })]), days, event => { days = event.target.value; refresh(); }))), body);

  async function refresh() {
    const report = await get(`api/decisions?days=${days}`);
    const would = sum(report.would);
    const did = sum(report.did);
    fill(body, report.seen === null && report.decisions === 0 ? h('p', { class: 'soft' }, t('mail.nothing'))
      : h('ul', { class: 'tiles' }, tile(report.seen === null ? '–' : number(report.seen), t('mail.seen')), tile(number(did), t('mail.did')), tile(number(would), t('mail.would')), tile(number(report.own), t('mail.own'))),
      report.counts.length === 0 ? null : [h('h2', null, t('mail.by-verdict')), table(t('mail.by-verdict'),
        [{ title: t('mail.service') }, { title: t('mail.verdict') }, { title: t('mail.seen'), className: 'number' }, { title: t('mail.would') }, { title: t('mail.did') }],
        report.counts.map(row => [row.service, word('verdict', row.verdict), number(row.seen), actions(row.would), actions(row.did)]))],
      h('h2', null, t('mail.senders')), h('p', { class: 'soft small' }, t('mail.order')),
      report.senders.length === 0 ? h('p', { class: 'soft' }, t('mail.none')) : table(t('mail.senders'),
        [{ title: t('client.address'), className: 'address' }, { title: t('mail.action') }, { title: t('mail.verdict') }, { title: t('mail.points'), className: 'number' }, { title: t('mail.sender') }, { title: t('mail.helo') },
          { title: t('mail.recipient') }, { title: t('mail.deciding') }, { title: t('mail.count'), className: 'number' }, { title: t('client.last'), className: 'time' }, { title: t('ban.act') }],
        report.senders.map(row => [h('a', { class: 'code', href: `#clients/${row.address}` }, row.address), word('mail', (row.enforced ? '' : 'would-') + row.action), word('verdict', row.verdict),
          row.points === null ? '–' : number(row.points), row.sender ?? '', row.helo ?? '', row.recipient ?? '', row.deciding.join(', '), number(row.count), time(row.last), allowButtons(row)])),
      report.more > 0 ? h('p', { class: 'soft' }, t('mail.more', { n: number(report.more) })) : null);
  }

  const allowButtons = row => [allowButton(row.address, t('mail.allow-address')), row.domain ? allowButton('@' + row.domain, t('mail.allow-domain')) : null];
  const allowButton = (subject, text) => h('button', { type: 'button', 'aria-label': `${text}: ${subject}`, onclick: async () => { await change('api/allow', { address: subject }) && refresh(); } }, text);
  return { refresh, every: 30000, event: () => { } };
}

const sum = counts => Object.values(counts).reduce((a, b) => a + b, 0);
const actions = counts => Object.entries(counts).map(([action, n]) => `${word('mail', action)}: ${number(n)}`).join(', ') || '–';
const tile = (value, label) => h('li', null, h('b', null, value), h('span', null, label));
