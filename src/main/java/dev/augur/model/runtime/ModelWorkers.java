package dev.augur.model.runtime;

import dev.augur.worker.WorkerPool;
import java.util.Optional;

/**
 * The threads that run a version of a model. Thread-safe.
 *
 * @param group the group they belong to; empty if they are the model's own, and end with it
 * @param threadsPerRun threads that one run may use
 */
record ModelWorkers(WorkerPool pool, Optional<String> group, int threadsPerRun) {}
