// Makes elements. Texts become text nodes: nothing that a client wrote is ever read as markup.
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, String(value));
    }
  }

  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }

  return element;
}

export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

// A table with a caption and headers; a column is { title, className }, a row a list of what its cells hold.
export function table(caption, columns, rows) {
  const cell = (name, content, column, scope) => h(name, { class: column.className, scope }, content);
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', null,
      h('caption', null, caption),
      h('thead', null, h('tr', null, columns.map(column => cell('th', column.title, column, 'col')))),
      h('tbody', null, rows.map(row => h('tr', null, row.map((content, i) => i === 0 ? cell('th', content, columns[i], 'row') : cell('td', content, columns[i])))))));
}

export function field(label, input, className) {
  return h('label', { class: className }, label, input);
}

export function select(name, options, value, onchange) {
  const element = h('select', { name, onchange }, options.map(([key, text]) => h('option', { value: key }, text)));
  element.value = value;
  return element;
}
