package dev.augur.demo;

/** The tutorial's answer: {@code {"item_id", "metadata", "prediction"}}. Thread-safe. */
public record PredictAnswer(long itemId, String metadata, double prediction) {}
