package dev.aerie.evaluate.benchmark;

/// A number that a benchmark reports.
///
/// @param value in percent or the benchmark's own points, as published
public record Figure(String name, double value) {}
