// The one time cursor: where the pointer is in any chart or timeline, every other one shows the same moment.

import {Topic} from './frame.js';

const moves = new Topic();

/**
 * Points at a moment of the server's clock, in milliseconds, or at none. In pictures that compare runs from their own
 * start on, `since` is the time since that start.
 */
export function point(by, at, since = null) {
    moves.tell({by, at, since});
}

/** Follows the cursor; `follower` gets {at, since}, not what it pointed at itself. */
export function follow(self, follower) {
    return moves.listen(({by, at, since}) => {
        if (by !== self) {
            follower({at, since});
        }
    });
}
