// The nodes of a cluster, above the models: shown where it has joined one.

import {html, nothing} from '../lib/lit-html/lit-html.js';
import {ask} from './api.js';
import {count, value} from './format.js';
import {grown} from './history.js';

const EVERY_MS = 5_000;

let cluster = null;
let askedAt = -Infinity;
let changed = () => {};
let visible = () => false;

/** What to do when the nodes have changed, and whether anybody sees them. */
export function watch(onChange, isVisible) {
    changed = onChange;
    visible = isVisible;
}

/** Asks again who is there. Who may not know sees none. */
export async function load() {
    askedAt = performance.now();
    try {
        cluster = await ask('cluster');
    } catch {
        cluster = null;
    }
    changed();
}

grown.listen(() => {
    if (cluster?.clustered && visible() && performance.now() - askedAt >= EVERY_MS) {
        load();
    }
});

/** The table, or nothing where the node is alone. */
export function view() {
    if (!cluster?.clustered) {
        return nothing;
    }
    return html`
        <h2>Nodes</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Nodes"><table class="nodes">
            <thead><tr><th scope="col">Node</th><th scope="col">State</th><th scope="col">Roles</th>
                <th scope="col">Models</th><th scope="col">In flight</th><th scope="col">Version</th></tr></thead>
            <tbody>${cluster.nodes.map(row)}</tbody>
        </table></div>
        <p class="small">The models below are those of this node.</p>`;
}

function row(node) {
    const good = node.answers && !node.draining;
    const ready = node.models.filter(model => model.state === 'READY').map(model => model.name);
    return html`<tr>
        <th scope="row" class="data">${value(node.node, 60)}${node.node === cluster.node ? ' (this one)' : ''}</th>
        <td><i class="swatch dot ink-${good ? 'good' : 'bad'}"></i> ${stateOf(node)}</td>
        <td>${node.roles.join(', ')}</td>
        <td class="data">${[...new Set(ready)].join(', ') || '–'}</td>
        <td>${count(node.in_flight)}</td>
        <td class="data">${node.version}</td></tr>`;
}

function stateOf(node) {
    if (!node.answers) {
        return 'says nothing';
    }
    return node.draining ? 'about to stop' : 'answers';
}
