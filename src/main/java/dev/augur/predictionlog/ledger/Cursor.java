package dev.augur.predictionlog.ledger;

/**
 * How far somebody has read a writer's lines: all up to and including {@code seq}. Segment and offset only save the
 * search; where they do not fit any more, {@code seq} decides. Immutable, thread-safe.
 *
 * @param writer the writer
 * @param seq the last line taken; 0 for none
 * @param segment the name of the segment's file that holds the next line, or ended just before it; empty if not known
 * @param offset where the next line begins in it, in bytes
 */
public record Cursor(String writer, long seq, String segment, long offset) {
    /** Before everything that is there. */
    public static Cursor start(String writer) {
        return new Cursor(writer, 0, "", 0);
    }
}
