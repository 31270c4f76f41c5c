/**
 * The prediction log on disk: writing it, recovering it, reading it, checking it. It knows lines, and of what
 * stands in them the id and the time of a record alone. Blocks; what runs it is a worker thread, or a program without
 * event loops.
 *
 * <p><b>Layout.</b> One folder per writer, written by one process at a time:
 *
 * <pre>
 * writer-1a2b3c4d/
 *   00000000000000000001.ndjson   a segment: lines in the order of their seq; its name is the seq of its first line
 *   00000000000000131072.ndjson   the segment being written
 *   head.json                     the line at the last start, change of segment or stop, and the segment begun then
 *   retained.json                 the last line removed by retention, if any was
 *   gaps.jsonl                    what {@code --repair} found missing or set aside, if anything
 *   doubts.json                   which lines another writer may have as well, if others have sent some
 *   damaged/                      what it set aside
 *   lock                          held by the process that writes
 * </pre>
 *
 * <p><b>A line</b> is one JSON object and a line feed. It begins with <code>&#123;"writer_id":"…","seq":N,</code> where
 * N counts from 1 without holes, and ends with <code>,"prev":"…","hash":"…"&#125;</code>. {@code hash} is the SHA-256,
 * in 64 lower-case hexadecimal digits, of the line's own bytes from its first brace up to and without
 * <code>,"hash":"…"&#125;</code>; {@code prev} is the hash of the line before, in whichever segment that stands, and 64
 * zeros in the first line of all. So {@code hash} covers every byte of the line and, through {@code prev}, every line
 * before it. With ordinary tools:
 *
 * <pre>
 * sed -n 17p SEGMENT | sed 's/,"hash":"[0-9a-f]*"}$//' | tr -d '\n' | sha256sum
 * </pre>
 *
 * <p><b>What is noticed.</b> A byte altered, a line or a segment removed, moved or doubled, wherever it is, because the
 * chain breaks; removal at the end, too, up to the line named by {@code head.json} and of the segment named there.
 * <b>What is not:</b> whole lines cut off the end that were written after {@code head.json}, which is brought up to
 * date at each start, change of segment and stop (so after a clean stop none; after a crash at most the lines of the
 * newest segment); a writer's whole folder removed; a forger who computes all hashes again and rewrites
 * {@code head.json}. The chain has no secret: to bind a forger too, keep the hash that {@code verify-log} prints
 * somewhere else.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog.ledger;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
