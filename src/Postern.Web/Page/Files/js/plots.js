// Plots by uPlot. Series differ in colour and in dashes, and each plot has its numbers as a table below.
import { h, fill, table } from './dom.js';
import { t, number, time } from './words.js';

const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 5], [1, 4], [6, 2, 2, 2]];

// { title, note, series: [{ label, values }], from (seconds), step (seconds), format }
export class Plot {
  constructor(title) {
    this.title = title;
    this.heading = h('h2', null, title);
    this.note = h('span', { class: 'soft small' });
    this.canvas = h('div', { class: 'plot', role: 'img', 'aria-label': title });
    this.rows = h('div');
    this.details = h('details', { ontoggle: () => this.showTable() }, h('summary', { class: 'small' }, t('plot.table')), this.rows);
    this.element = h('figure', null, h('figcaption', null, this.heading, this.note), this.canvas, this.details);
    this.observer = new ResizeObserver(() => this.chart && this.chart.setSize(this.size()));
    this.observer.observe(this.canvas);
  }

  size() {
    return { width: Math.max(240, this.canvas.clientWidth), height: 190 };
  }

  show(data) {
    this.data = data;
    this.note.textContent = data.note ?? '';
    const total = data.series.map(series => `${series.label}: ${(data.format ?? number)(data.peak ? Math.max(...series.values) : series.values.reduce((a, b) => a + b, 0))}`).join(', ');
    this.canvas.setAttribute('aria-label', `${this.title}. ${total || t('plot.nothing')}`);
    this.draw();
    this.showTable();
  }

  draw() {
    this.chart?.destroy();
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const { series, from, step, format } = this.data;
    const count = series[0]?.values.length ?? 0;
    if (count === 0) {
      fill(this.canvas, h('p', { class: 'soft' }, t('plot.nothing')));
      this.chart = null;
      return;
    }

    const axis = { stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
    fill(this.canvas);
    this.chart = new uPlot({
      ...this.size(),
      cursor: { points: { size: 7 } },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(high || 1, 1)] } },
      axes: [{ ...axis, values: (_, splits, axisIndex, space, gap) => splits.map(at => short(at, gap)) }, { ...axis, size: 70, values: (_, splits) => splits.map(value => Number.isInteger(value) || format ? (format ?? number)(value) : '') }],
      series: [{ label: t('plot.time'), value: (_, at) => at === null ? '–' : time(new Date(at * 1000)) },
        ...series.map((one, i) => ({
          label: one.label, stroke: color(`--c${i % 8}`), width: 2, dash: dashes[i % 8], points: { show: count < 40, size: 5 },
          value: (_, value) => value === null ? '–' : (format ?? number)(value),
        }))],
    }, [Array.from({ length: count }, (_, i) => from + i * step), ...series.map(one => one.values)], this.canvas);
  }

  showTable() {
    if (!this.details.open || !this.data) {
      return;
    }

    const { series, from, step, format } = this.data;
    const rows = [];
    for (let i = (series[0]?.values.length ?? 0) - 1; i >= 0; i--) {
      if (series.some(one => one.values[i] > 0)) {
        rows.push([time(new Date((from + i * step) * 1000)), ...series.map(one => (format ?? number)(one.values[i]))]);
      }
    }

    fill(this.rows, rows.length === 0 ? h('p', { class: 'soft' }, t('plot.nothing'))
      : table(this.title, [{ title: t('plot.time'), className: 'time' }, ...series.map(one => ({ title: one.label, className: 'number' }))], rows));
  }

  close() {
    this.observer.disconnect();
    this.chart?.destroy();
  }
}

function short(at, gap) {
  const date = new Date(at * 1000);
  return gap >= 86400 ? `${date.getMonth() + 1}/${date.getDate()}` : `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}
