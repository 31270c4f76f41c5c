package dev.augur.predictionlog.reading;

/**
 * What one run of pages reads of a writer. Immutable, thread-safe.
 *
 * @param ended once the cursor has no place of the writer any more: it has read nothing up to this line
 * @param through the last line there was when the run came to the writer: what was appended later is not in it
 */
public record WriterRun(String writer, long ended, long through) {}
