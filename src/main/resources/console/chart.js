// One chart over time: uPlot, with our colours, a legend of text, and the shared cursor.

import uPlot from '../lib/uplot/dist/uPlot.esm.js';
import {follow, point} from './cursor.js';
import {clock} from './format.js';
import {colour, themes} from './palette.js';

const HEIGHT = 132;
const AXIS_FONT = '11px ui-sans-serif, system-ui, sans-serif';

/**
 * A chart that lives as long as the page. It is told `{title, series: [{label, ink, fill}], show, tick, floor, steps}`:
 * `ink` names a colour of the style sheet, `show` makes text of a value and `tick` of one at the axis, which reaches up
 * to `floor` at least and is divided by one of `steps`.
 */
export class Chart {
    #told;
    #plot = null;
    #data = null;
    #values = [];
    #marks = [];
    #span = null;
    #moved = false;

    constructor(told) {
        this.#told = told;
        this.element = document.createElement('figure');
        this.element.className = 'chart';
        this.#build();
        new ResizeObserver(() => this.#draw()).observe(this.element);
        themes.listen(() => this.#renew());
        follow(this, ({at}) => this.#move(at));
    }

    /** Shows columns: times in seconds, then one for each series. Vertical marks are {t, label}. */
    set(data, {from, to, marks = []}) {
        this.#data = data;
        this.#marks = marks;
        this.#span = [from / 1_000, to / 1_000];
        this.#draw();
        this.#tell(null);
    }

    #build() {
        const caption = document.createElement('figcaption');
        const title = document.createElement('h3');
        title.textContent = this.#told.title;
        const legend = document.createElement('ul');
        legend.className = 'legend';
        this.#values = this.#told.series.map(series => {
            const entry = document.createElement('li');
            const swatch = document.createElement('i');
            swatch.className = `swatch ink-${series.ink}`;
            const number = document.createElement('b');
            number.textContent = '–';
            entry.append(swatch, `${series.label} `, number);
            legend.append(entry);
            return number;
        });
        caption.append(title, legend);
        this.place = document.createElement('div');
        this.place.className = 'plot';
        this.place.setAttribute('role', 'img');
        this.place.setAttribute('aria-label', `${this.#told.title}: a chart; its values stand above it`);
        this.element.append(caption, this.place);
    }

    #draw() {
        const width = this.place.clientWidth;
        if (!this.#data || width === 0) {
            return; // its tab is not shown
        }
        if (!this.#plot) {
            this.#plot = new uPlot(this.#options(width), this.#data, this.place);
        } else {
            if (this.#plot.width !== width) {
                this.#plot.setSize({width, height: HEIGHT});
            }
            this.#plot.setData(this.#data);
        }
    }

    #renew() {
        this.#plot?.destroy();
        this.#plot = null;
        this.#draw();
    }

    #options(width) {
        const {show, tick = show, floor = 1, steps, series} = this.#told;
        const axis = {
            stroke: colour('faint'),
            font: AXIS_FONT,
            ticks: {show: false},
            grid: {stroke: colour('grid'), width: 1},
        };
        const texts = made => (plot, values) => values.map(made);
        return {
            width,
            height: HEIGHT,
            legend: {show: false},
            padding: [8, 16, 0, 0],
            cursor: {y: false, drag: {x: false, y: false}, points: {size: 5}},
            scales: {
                x: {range: () => this.#span},
                y: {range: (plot, low, high) => [0, Math.max(floor, (high ?? 0) * 1.1)]},
            },
            series: [{}, ...series.map(one => this.#series(one))],
            axes: [
                {...axis, size: 24, space: 76, grid: {show: false}, values: texts(seconds => clock(seconds * 1_000))},
                {...axis, size: 58, space: 28, values: texts(tick), ...(steps ? {incrs: steps} : {})},
            ],
            hooks: {setCursor: [plot => this.#pointed(plot)], draw: [plot => this.#mark(plot)]},
        };
    }

    #series({label, ink, fill}) {
        const stroke = colour(ink);
        const pale = stroke.replace('rgb(', 'rgba(').replace(')', ', 0.18)');
        return {label, stroke, width: 1.5, fill: fill ? pale : undefined, points: {show: false}};
    }

    #pointed(plot) {
        if (this.#moved) {
            return; // it was moved from elsewhere
        }
        const {left, idx} = plot.cursor;
        this.#tell(left >= 0 ? idx : null);
        point(this, left >= 0 ? plot.posToVal(left, 'x') * 1_000 : null);
    }

    #move(at) {
        const plot = this.#plot;
        if (!plot || !this.place.offsetParent) {
            return;
        }
        const left = at === null ? -10 : plot.valToPos(at / 1_000, 'x');
        this.#moved = true;
        plot.setCursor({left: left >= 0 && left <= plot.over.clientWidth ? left : -10, top: 1}, false);
        this.#moved = false;
        this.#tell(left >= 0 ? plot.posToIdx(left) : null);
    }

    /** The legend: the values at the cursor, or else the last ones. */
    #tell(index) {
        this.#values.forEach((number, i) => {
            const column = this.#data?.[i + 1] ?? [];
            const value = column[index ?? column.length - 1];
            number.textContent = value === null || value === undefined ? '–' : this.#told.show(value);
        });
    }

    #mark(plot) {
        const {ctx, bbox} = plot;
        ctx.save();
        ctx.strokeStyle = ctx.fillStyle = colour('faint');
        ctx.font = `${11 * devicePixelRatio}px ui-sans-serif, system-ui, sans-serif`;
        ctx.textAlign = 'left';
        let free = 0; // where the text before it ends
        for (const {t, label} of this.#marks) {
            const x = Math.round(plot.valToPos(t, 'x', true));
            if (x >= bbox.left && x <= bbox.left + bbox.width) {
                ctx.fillRect(x, bbox.top, devicePixelRatio, bbox.height);
                const left = x + 4 * devicePixelRatio;
                const right = left + ctx.measureText(label).width;
                if (left > free && right < bbox.left + bbox.width) {
                    ctx.fillText(label, left, bbox.top + 10 * devicePixelRatio);
                    free = right;
                }
            }
        }
        ctx.restore();
    }
}
