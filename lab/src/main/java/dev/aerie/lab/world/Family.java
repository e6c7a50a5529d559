package dev.aerie.lab.world;

import java.util.Locale;

/// The families of questions, each standing for an axis of the benchmarks that the paper reports.
public enum Family {
    /// Attributes, places and relations of shapes.
    GQA,
    /// Whether something is there.
    POPE,
    /// How many there are.
    COUNT,
    /// Words on signs (TextVQA).
    TEXT,
    /// Lines of text (OCRBench).
    OCR,
    /// Values and comparisons in charts.
    CHART,
    /// Keys and values of forms.
    DOC,
    /// Nodes and arrows (AI2D).
    DIAG,
    /// Measures of figures (MathVista).
    MATH;

    /// The name in lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
