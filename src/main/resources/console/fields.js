// The fields of one input: a box for each element, or one text for many. Numbers go into the request as they were
// typed, since a number of JavaScript would not hold every INT64.

import {html} from '../lib/lit-html/lit-html.js';
import {value} from './format.js';

const MOST_BOXES = 24;
const NUMBER = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|NaN|-?Infinity)$/; // the last ones as the server reads them
const WHOLE = /^-?(0|[1-9]\d*)$/;

/** The form of one input; `example` is {name, datatype, shape, data}, `labels` names its elements or is null. */
export class Field {
    constructor(example, labels) {
        this.example = example;
        this.labels = labels;
        this.texts = example.data.map(element => value(element, Infinity));
        this.boxed = example.data.length <= MOST_BOXES;
        this.many = this.boxed ? '' : this.texts.join(', ');
    }

    /** Whether it is a single box, which stands beside others. */
    get single() {
        return this.texts.length === 1;
    }

    view() {
        const {name, datatype, shape} = this.example;
        const kind = `${datatype} [${shape.join(', ')}]`;
        return html`<fieldset><legend class="data">${name} <span class="small">${kind}</span></legend>
            ${this.boxed ? html`<div class="boxes">${this.boxes()}</div>` : this.#area()}</fieldset>`;
    }

    /** A box for each element, without what stands around them. */
    boxes() {
        return this.texts.map((text, i) => this.#box(text, i));
    }

    /** Its part of the request's text. */
    text() {
        const {name, datatype, shape} = this.example;
        const data = this.#typed().map((text, i) => this.#element(text, i));
        const size = shape.reduce((product, dimension) => product * dimension, 1);
        if (data.length !== size) {
            throw new Error(`input "${name}" has ${data.length} elements, expected ${size}`);
        }
        return (
            `{"name": ${JSON.stringify(name)}, "datatype": "${datatype}", "shape": [${shape.join(', ')}], ` +
            `"data": [${data.join(', ')}]}`
        );
    }

    #box(text, i) {
        const label = this.labels?.[i] ?? (this.single ? this.example.name : `${i}`);
        const type = event => {
            this.texts[i] = event.target.value;
        };
        if (this.example.datatype === 'BOOL') {
            return html`<label class="data">${label}<select @change=${type}>
                <option ?selected=${text === 'false'}>false</option>
                <option ?selected=${text === 'true'}>true</option></select></label>`;
        }
        return html`<label class="data">${label}<input .value=${text} @input=${type} autocomplete="off"
            inputmode=${this.example.datatype === 'BYTES' ? 'text' : 'decimal'}></label>`;
    }

    #area() {
        const type = event => {
            this.many = event.target.value;
        };
        return html`<label>${this.texts.length} elements, one after another, with commas between them
            <textarea rows="4" .value=${this.many} @input=${type} spellcheck="false"></textarea></label>`;
    }

    #typed() {
        return this.boxed ? this.texts : this.many.split(',').map(text => text.trim());
    }

    #element(text, i) {
        const {name, datatype} = this.example;
        if (datatype === 'BYTES') {
            return JSON.stringify(text);
        }
        const good = datatype === 'BOOL' ? /^(true|false)$/ : /^U?INT/.test(datatype) ? WHOLE : NUMBER;
        if (!good.test(text.trim())) {
            throw new Error(
                `input "${name}", element ${this.labels?.[i] ?? i}: “${text.slice(0, 40)}” is no ${datatype}`,
            );
        }
        return text.trim();
    }
}

/** The body of an inference request. */
export function bodyText(fields) {
    return `{"inputs": [${fields.map(field => field.text()).join(', ')}]}`;
}
