// What changes something: asks for a token where there is none, and tells what became of it.
import { h, fill, field, select } from './dom.js';
import { t } from './words.js';
import { get, post, token } from './api.js';

export let access = { changes: false, reads_need_token: false, holder: null, message: null };
let onaccess = () => { };
let say = () => { };

export function begin(told, said) {
  [onaccess, say] = [told, said];
}

export async function refreshAccess() {
  access = await get('api/access');
  onaccess(access);
}

export function askToken() {
  const dialog = document.getElementById('dialog');
  const input = h('input', { type: 'password', name: 'token', autocomplete: 'off', required: true });
  const problem = h('p', { class: 'bad', role: 'alert' });
  return new Promise(resolve => {
    const done = value => { dialog.close(); resolve(value); };
    fill(dialog, h('h2', { id: 'dialog-title' }, t('token.title')),
      access.changes ? null : h('p', null, access.message),
      h('form', {
        onsubmit: async event => {
          event.preventDefault();
          token.set(input.value.trim());
          await refreshAccess();
          if (access.holder) {
            done(true);
          } else {
            token.set(null);
            problem.textContent = t('token.wrong');
            input.select();
          }
        },
      }, h('p', null, t('token.where')), field(t('token.token'), input), problem,
      h('div', { class: 'buttons' }, h('button', { class: 'main', disabled: !access.changes }, t('token.use')), h('button', { type: 'button', onclick: () => done(false) }, t('cancel')))));
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
    input.focus();
  });
}

export async function forget() {
  token.set(null);
  await refreshAccess();
}

// Sends a change; true where it was done.
export async function change(path, body) {
  if (!access.holder && !await askToken()) {
    return false;
  }

  try {
    say((await post(path, body)).message);
    return true;
  } catch (problem) {
    say(problem.message, true);
    return false;
  }
}

export const spans = () => [['600', t('span.10m')], ['3600', t('span.1h')], ['86400', t('span.1d')], ['604800', t('span.7d')], ['2592000', t('span.30d')]];

// The form by which a client is banned, unbanned or allowed.
export function changeForm(address, isBanned, changed) {
  const reason = h('input', { name: 'reason', maxlength: '200', autocomplete: 'off' });
  const span = select('span', spans(), '3600');
  const act = async (path, values) => await change(path, { address, ...values }) && changed();
  return h('form', { class: 'form', 'aria-label': t('change.title'), onsubmit: event => { event.preventDefault(); act('api/ban', { reason: reason.value, for_seconds: Number(span.value) }); } },
    field(t('change.for'), span), field(t('change.reason'), reason, 'grow'),
    h('button', { class: 'danger', name: 'ban' }, t('change.ban')),
    h('button', { type: 'button', name: 'unban', disabled: !isBanned, onclick: () => act('api/unban') }, t('change.unban')),
    h('button', { type: 'button', name: 'allow', onclick: () => act('api/allow', { for_seconds: Number(span.value) }) }, t('change.allow')),
    h('button', { type: 'button', name: 'allow-always', onclick: () => act('api/allow') }, t('change.allow-always')));
}
