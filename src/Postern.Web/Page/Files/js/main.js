// The page's frame: which view is open, the language, the colours, the token, and what comes from the server.
import { h, fill, select } from './dom.js';
import { load, preferred, language, t } from './words.js';
import { watch } from './api.js';
import * as changes from './changes.js';
import * as now from './now.js';
import * as clients from './clients.js';
import * as mail from './mail.js';
import * as checks from './checks.js';
import * as replay from './replay.js';

const views = { now, clients, mail, checks, replay };
const main = document.getElementById('main');
const notice = document.getElementById('notice');
let current = {};
let timer = 0;
let pending = 0;
let state = 'up';

function say(text, isBad) {
  fill(notice, text);
  notice.className = isBad ? 'bad' : '';
  clearTimeout(timer);
  if (!isBad) {
    timer = setTimeout(() => fill(notice), 8000);
  }
}

async function guarded(work) {
  try {
    await work();
    return true;
  } catch (problem) {
    if (problem.status === 401 || problem.code === 'read-only') {
      say(problem.message, true);
    } else {
      say(problem.message ?? t('state.down'), true);
    }

    return false;
  }
}

// Several events close together are one look.
const context = {
  soon: work => {
    pending ||= setTimeout(() => { pending = 0; guarded(work); }, 700);
  },
};

function route(isFirst) {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split('/');
  const view = views[name] ? name : 'now';
  current.close?.();
  clearInterval(current.interval);
  clearTimeout(pending);
  pending = 0;
  document.title = `${t(`nav.${view}`)} – Postern`;
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.hash === `#${view}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }

  current = views[view].open(main, context, rest.join('/'));
  if (current.refresh) {
    guarded(current.refresh);
    if (current.every) {
      current.interval = setInterval(() => document.visibilityState === 'visible' && guarded(current.refresh), current.every);
    }
  }

  if (!isFirst) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function frame() {
  document.getElementById('skip').textContent = t('skip');
  fill(document.getElementById('nav'), h('ul', null, Object.keys(views).map(name => h('li', null, h('a', { href: `#${name}` }, t(`nav.${name}`))))));
  const theme = localStorage.getItem('theme') ?? 'auto';
  fill(document.getElementById('tools'),
    h('label', null, t('tools.language'), select('language', [['en', 'English'], ['ja', '日本語']], language, async event => { await load(event.target.value); frame(); route(true); changes.refreshAccess(); })),
    h('label', null, t('tools.theme'), select('theme', ['auto', 'light', 'dark'].map(name => [name, t(`theme.${name}`)]), theme, event => setTheme(event.target.value))),
    h('button', { type: 'button', id: 'token', onclick: () => changes.access.holder ? changes.forget() : changes.askToken().then(() => guarded(current.refresh ?? (() => { }))) }));
  showAccess(changes.access);
}

function showAccess(access) {
  const button = document.getElementById('token');
  if (button) {
    button.textContent = access.holder ? t('token.holder', { name: access.holder }) : t(access.changes ? 'token.enter' : 'token.read-only');
  }
}

function setTheme(theme) {
  if (theme === 'auto') {
    localStorage.removeItem('theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
  }

  current.theme?.();
}

function onState(next) {
  if (next === state) {
    return;
  }

  state = next;
  if (next === 'up') {
    say(t('state.up'));
    guarded(current.refresh ?? (() => { }));
  } else {
    say(t(`state.${next}`), true);
  }
}

function onEvent(event) {
  now.remember(event);
  current.event?.(event);
}

await load(preferred());
changes.begin(showAccess, say);
frame();
addEventListener('hashchange', () => route(false));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => current.theme?.());
await guarded(changes.refreshAccess);
route(true);
watch(onEvent, onState);
