package dev.aerie.text;

/// A training sample: the ids, and for each the same id where the model is to learn it, [Labels#IGNORE] elsewhere.
public record Labelled(int[] ids, int[] labels) {}
