// The sentences of the page, in the language of the reader.
let words = {};
export let language = 'en';

export async function load(wanted) {
  language = wanted === 'ja' ? 'ja' : 'en';
  words = await (await fetch(`words/${language}.json`)).json();
  document.documentElement.lang = language;
  localStorage.setItem('lang', language);
}

export function preferred() {
  return localStorage.getItem('lang') ?? (navigator.languages.find(tag => /^(en|ja)\b/.test(tag)) ?? 'en').slice(0, 2);
}

export function t(key, values) {
  const text = words[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

// A word of the program (an id); the id itself where there is no word for it.
export const word = (group, id) => words[`${group}.${id}`] ?? id;

let behaviours = {};
export const learn = names => { behaviours = names ?? behaviours; };
export const behaviour = id => behaviours[id] ?? id;

export const number = value => new Intl.NumberFormat(language).format(value);

export function time(text) {
  if (!text) {
    return '–';
  }

  const date = new Date(text);
  return date.toDateString() === new Date().toDateString()
    ? new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(date)
    : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

export function duration(milliseconds) {
  return milliseconds < 1000 ? t('unit.ms', { n: Math.round(milliseconds) }) : milliseconds < 120000 ? t('unit.s', { n: number(Math.round(milliseconds / 100) / 10) }) : t('unit.min', { n: number(Math.round(milliseconds / 60000)) });
}
