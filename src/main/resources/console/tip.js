// What is told of a request beside the pointer: one box for the whole page. Its text is set as text.

import {duration, value} from './format.js';
import {STAGES} from './palette.js';

const box = document.getElementById('tip');

/** Tells of a trace at a place of the window. */
export function tellTrace(trace, x, y) {
    const lines = [
        `${trace.route}  ·  ${trace.status}  ·  ${duration(trace.total_ms)}`,
        ...trace.stages.map(
            ({stage, from_ms: from, to_ms: to, thread}) =>
                `${stage in STAGES ? stage : 'other'}  ${duration(to - from)}${thread ? `  on ${thread}` : ''}`,
        ),
    ];
    if (trace.batch_rows > 1) {
        lines.push(`in a batch of ${trace.batch_rows} rows`);
    }
    if (trace.item !== null && trace.item !== undefined) {
        lines.push(`item ${value(trace.item, 60)}`);
    }
    show(lines, x, y);
}

/** Tells of anything in a few lines, the first of which is a heading. */
export function show(lines, x, y) {
    box.replaceChildren(
        ...lines.map((line, i) => {
            const row = document.createElement(i === 0 ? 'b' : 'span');
            row.textContent = line;
            return row;
        }),
    );
    box.hidden = false;
    const left = Math.min(x + 14, document.documentElement.clientWidth - box.offsetWidth - 8);
    const top = y + 18 + box.offsetHeight > innerHeight ? y - box.offsetHeight - 12 : y + 18;
    box.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
}

/** Tells nothing any more. */
export function hide() {
    box.hidden = true;
}
