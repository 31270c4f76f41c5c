// The same request for a shell and for a program in Java.

import {address} from './api.js';

/** {curl, Java} of a request: {path, body}. */
export function snippets({path, body}) {
    const url = address(path);
    return {
        curl: `curl -H 'Content-Type: application/json' ${shell(url)} -d ${shell(body)}`,
        Java: [
            `var request = HttpRequest.newBuilder(URI.create(${java(url)}))`,
            '    .header("Content-Type", "application/json")',
            `    .POST(BodyPublishers.ofString(${java(body)}))`,
            '    .build();',
            'var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());',
        ].join('\n'),
    };
}

/** One word of a shell, whatever is in it. */
function shell(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A literal of Java; what is no printable ASCII is escaped, so that it survives any encoding and shows what it is. */
function java(text) {
    const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
    return `"${escaped.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
