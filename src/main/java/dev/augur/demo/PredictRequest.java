package dev.augur.demo;

/** The tutorial's request. Thread-safe. */
public record PredictRequest(long itemId, double featureValue) {}
