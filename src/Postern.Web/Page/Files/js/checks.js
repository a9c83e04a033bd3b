import { h, fill, field } from './dom.js';
import { t, word, number } from './words.js';
import { post } from './api.js';
import { access, askToken } from './changes.js';
import { testTable } from './clients.js';

// Sends work to the server by a form, and shows its result or why there is none.
export function workForm(fields, button, path, values, result, show) {
  const submit = h('button', { class: 'main' }, button);
  return h('form', {
    class: 'form', onsubmit: async event => {
      event.preventDefault();
      if (!access.holder && !await askToken()) {
        return;
      }

      submit.disabled = true;
      fill(result, h('p', { class: 'soft', role: 'status' }, t('working')));
      try {
        fill(result, show(await post(path, values())));
      } catch (problem) {
        fill(result, h('p', { class: 'bad', role: 'alert' }, problem.message));
      } finally {
        submit.disabled = false;
      }
    },
  }, fields, submit);
}

export function open(root) {
  const address = h('input', { name: 'address', required: true, autocomplete: 'off', spellcheck: 'false' });
  const helo = h('input', { name: 'helo', autocomplete: 'off', spellcheck: 'false' });
  const sender = h('input', { name: 'sender', autocomplete: 'off', spellcheck: 'false' });
  const message = h('textarea', { name: 'message', spellcheck: 'false' });
  const result = h('div', { id: 'result' });
  fill(root, h('h1', null, t('nav.checks')), h('p', { class: 'soft' }, t('checks.what')),
    workForm([field(t('client.address'), address, 'grow'), field(t('mail.helo'), helo, 'grow'), field(t('checks.sender'), sender, 'grow'), field(t('checks.message'), message, 'wide')],
      t('checks.run'), 'api/check', () => ({ address: address.value, helo: helo.value, sender: sender.value, message: message.value }), result, reply => [
        h('h2', null, t('checks.result', { verdict: word('verdict', reply.verdict), points: number(reply.points) })),
        h('p', null, reply.explanation), h('p', null, t('checks.advice', { advice: word('advice', reply.advice) }), ' ', t(reply.may_bounce ? 'checks.may-bounce' : 'checks.may-not-bounce')),
        testTable(reply.tests)]), result);
  return {};
}
