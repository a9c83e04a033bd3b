// Talks to the server. The token stays in this tab (sessionStorage) and goes into a header: there is no cookie that another page could use.
import { language } from './words.js';

export const token = {
  get: () => sessionStorage.getItem('token'),
  set: value => value ? sessionStorage.setItem('token', value) : sessionStorage.removeItem('token'),
};

const headers = () => token.get() ? { Authorization: `Bearer ${token.get()}` } : {};
const withLanguage = path => path + (path.includes('?') ? '&' : '?') + 'lang=' + language;

async function answer(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    // A proxy's own page, perhaps.
  }

  if (!response.ok) {
    const problem = new Error(body?.message ?? `${response.status} ${response.statusText}`);
    problem.status = response.status;
    problem.code = body?.error;
    problem.body = body;
    throw problem;
  }

  return body;
}

export async function get(path, signal) {
  return answer(await fetch(withLanguage(path), { headers: headers(), signal, cache: 'no-store' }));
}

export async function post(path, body) {
  return answer(await fetch(withLanguage(path), { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: JSON.stringify(body) }));
}

// Server-sent events, read by fetch, because EventSource sends no token. Connects again by itself.
export async function watch(onevent, onstate) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
    try {
      const response = await fetch('api/events', { headers: headers(), cache: 'no-store' });
      if (!response.ok) {
        onstate(response.status === 401 || response.status === 403 ? 'token' : 'down');
      } else {
        pause = 500;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let held = '';
        for (let part; !(part = await reader.read()).done;) {
          held += part.value;
          const blocks = held.split('\n\n');
          held = blocks.pop();
          blocks.forEach(block => deliver(block, onevent, onstate));
        }
      }
    } catch {
      // The server is gone for now.
    }

    if (pause > 500) {
      onstate('down');
    }

    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

function deliver(block, onevent, onstate) {
  const lines = block.split('\n');
  const name = lines.find(line => line.startsWith('event: '))?.slice(7);
  const data = lines.find(line => line.startsWith('data: '))?.slice(6);
  if (name === 'daemon') {
    onstate(JSON.parse(data).up ? 'up' : 'daemon');
  } else if (name === 'happening') {
    onevent(JSON.parse(data));
  }
}
