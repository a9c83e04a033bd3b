import { h, fill, add, table, field } from './dom.js';
import { t, word, behaviour, number, time } from './words.js';
import { get } from './api.js';
import { changeForm, change } from './changes.js';

const page = 100;
let search = '';
let banSearch = '';
let offset = 0;

const link = (address, text) => h('a', { class: 'code', href: `#clients/${address}` }, text ?? address);
const chips = ids => ids.map(id => h('span', { class: 'chip' }, behaviour(id)));

export function open(root, context, address) {
  return address ? openOne(root, context, address) : openAll(root, context);
}

function openAll(root, context) {
  const input = h('input', { type: 'search', name: 'search', value: search, autocomplete: 'off', spellcheck: 'false' });
  const banInput = h('input', { type: 'search', name: 'bans', value: banSearch, autocomplete: 'off', spellcheck: 'false' });
  const found = h('div', { id: 'found' });
  const bans = h('div', { id: 'bans' });
  fill(root, h('h1', null, t('nav.clients')),
    h('form', { class: 'form', role: 'search', onsubmit: event => { event.preventDefault(); search = input.value; showFound(); } },
      field(t('clients.search'), input, 'grow'), h('button', { class: 'main' }, t('search'))),
    h('p', { class: 'soft small' }, t('clients.hint')), found,
    h('h2', null, t('bans.title')),
    h('form', { class: 'form', onsubmit: event => { event.preventDefault(); [banSearch, offset] = [banInput.value, 0]; showBans(); } },
      field(t('bans.search'), banInput, 'grow'), h('button', null, t('search'))), bans);

  async function showFound() {
    const reply = await get(`api/clients?limit=50&search=${encodeURIComponent(search.trim())}`);
    fill(found, reply.clients.length === 0 ? h('p', { class: 'soft' }, t('clients.none'))
      : table(t(search.trim() ? 'clients.found' : 'clients.latest'),
        [{ title: t('client.address'), className: 'address' }, { title: t('client.last'), className: 'time' }, { title: t('client.state') }, { title: t('client.score') }, { title: t('client.did') }, { title: t('client.match') }],
        reply.clients.map(one => [link(one.address), time(one.last), state(one.state), one.weight === undefined ? '–' : `${number(one.weight)} / ${number(one.maxretry)}`,
          [chips(one.behaviours), one.mail ? h('span', { class: 'chip' }, t('client.mail', { n: number(one.mail) })) : null], one.match ? h('span', { class: 'code small' }, one.match) : ''])),
      reply.more ? h('p', { class: 'soft' }, t('clients.more')) : null);
  }

  async function showBans() {
    const reply = await get(`api/bans?order=newest&limit=${page}&offset=${offset}&search=${encodeURIComponent(banSearch.trim())}`);
    const go = step => () => { offset = Math.max(0, offset + step); showBans(); };
    fill(bans, reply.bans.length === 0 ? h('p', { class: 'soft' }, t('bans.none'))
      : table(t(reply.dry_run ? 'bans.dry' : 'bans.count', { n: number(reply.total) }),
        [{ title: t('ban.network'), className: 'address' }, { title: t('ban.jail') }, { title: t('ban.from'), className: 'time' }, { title: t('ban.until'), className: 'time' }, { title: t('ban.reason') }, { title: t('ban.act') }],
        reply.bans.map(ban => [link(ban.address, ban.network.replace(/\/(32|128)$/, '')), ban.jail, time(ban.from), time(ban.until), ban.reason,
          h('button', { type: 'button', 'aria-label': `${t('change.unban')} ${ban.network}`, onclick: async () => { await change('api/unban', { address: ban.network }) && showBans(); } }, t('change.unban'))])),
      reply.total > page ? h('div', { class: 'buttons' }, h('button', { type: 'button', disabled: offset === 0, onclick: go(-page) }, t('previous')),
        h('button', { type: 'button', disabled: offset + page >= reply.total, onclick: go(page) }, t('next'))) : null);
  }

  const refresh = () => Promise.all([showFound(), showBans()]);
  return { refresh, every: 30000, event: () => context.soon(refresh) };
}

function state(id) {
  const className = id === 'banned' || id === 'would be banned' ? 'bad' : id === 'protected' ? 'good' : 'soft';
  return h('span', { class: className }, word('state', id));
}

function openOne(root, context, address) {
  const body = h('div');
  fill(root, h('p', { class: 'small' }, h('a', { href: '#clients' }, t('clients.back'))), h('h1', { class: 'code' }, address), body);

  async function refresh() {
    const one = await get(`api/clients/${encodeURIComponent(address)}`);
    // What is being typed into the form stays.
    const typed = body.querySelector('[name=reason]')?.value;
    fill(body, h('p', null, one.own_host ? t('client.own') : one.banned ? t(one.dry_run ? 'client.would-banned' : 'client.banned') : t('client.not-banned'),
      ' ', one.scores.map(score => t('client.in-jail', { jail: score.jail, weight: number(score.weight), maxretry: number(score.maxretry) })).join(' ')),
      one.own_host ? null : changeForm(address, one.banned, refresh),
      h('div', { class: 'columns' }, protections(one), checks(one)), failures(one), mail(one), bans(one), days(one));
    const input = body.querySelector('[name=reason]');
    if (typed && input) {
      input.value = typed;
    }
  }

  return { refresh, event: event => event.address === address && context.soon(refresh) };
}

const section = (title, ...content) => h('section', null, h('h2', null, title), content);

const protections = one => section(t('client.protections'), h('ul', null, one.standing.map(row =>
  h('li', null, h('span', { class: row.holds ? 'good' : 'soft' }, t(row.holds ? 'client.holds' : 'client.holds-not')), ' ', row.detail))));

function checks(one) {
  if (!one.checks) {
    return section(t('client.checks'), h('p', { class: 'soft' }, t('client.no-checks')));
  }

  return section(t('client.checks'), h('p', null, h('strong', null, word('verdict', one.checks.verdict)), ' ', one.checks.explanation),
    h('details', null, h('summary', null, t('client.tests')), testTable(one.checks.tests)));
}

export const testTable = tests => table(t('client.tests'), [{ title: t('test.name') }, { title: t('test.result') }, { title: t('test.points'), className: 'number' }, { title: t('test.detail') }],
  tests.map(test => [test.name, word('result', test.result), number(test.points), test.detail ?? '']));

const failures = one => section(t('client.failures'), one.failures.length === 0 ? h('p', { class: 'soft' }, t('client.no-failures'))
  : table(t('client.failures'), [{ title: t('client.when'), className: 'time' }, { title: t('client.did') }, { title: t('client.weight'), className: 'number' }, { title: t('client.lines') }],
    one.failures.map(failure => [time(failure.time), [failure.jail ? h('span', { class: 'chip' }, failure.jail) : null, chips(failure.behaviours)], number(failure.weight),
      h('details', { open: one.failures.length < 4 }, h('summary', { class: 'small' }, `${failure.source} (${number(failure.lines.length)})`), h('pre', { tabindex: '0' }, failure.lines.join('\n')))])));

const mail = one => one.mail.length === 0 ? null : section(t('client.decisions'),
  table(t('client.decisions'), [{ title: t('client.when'), className: 'time' }, { title: t('mail.action') }, { title: t('mail.verdict') }, { title: t('mail.helo') }, { title: t('mail.sender') }, { title: t('mail.recipient') }, { title: t('mail.deciding') }],
    one.mail.map(entry => [time(entry.at), word('mail', (entry.enforced ? '' : 'would-') + entry.action), word('verdict', entry.verdict), entry.helo ?? '', entry.sender ?? '', entry.recipient ?? '', entry.deciding.join(', ')])));

const bans = one => one.bans.length + one.protections.length === 0 ? null : section(t('client.history'),
  one.bans.length === 0 ? null : table(t('client.bans'), [{ title: t('ban.from'), className: 'time' }, { title: t('ban.until'), className: 'time' }, { title: t('ban.jail') }, { title: t('ban.network') }, { title: t('ban.reason') }],
    one.bans.map(ban => [time(ban.from), time(ban.until), ban.jail, ban.network, ban.reason])),
  one.protections.length === 0 ? null : table(t('client.spared'), [{ title: t('client.when'), className: 'time' }, { title: t('ban.jail') }, { title: t('client.why') }],
    one.protections.map(row => [time(row.at), row.jail, row.detail])));

const days = one => one.days.length === 0 ? null : add(section(t('client.days')), [table(t('client.days'), [{ title: t('client.day') }, { title: t('client.delivered') }, { title: t('client.hostile') }, { title: t('client.logged-in') }],
  one.days.map(day => [day.day, ...[day.delivered, day.hostile, day.logged_in].map(flag => flag ? t('yes') : '–')]))]);
