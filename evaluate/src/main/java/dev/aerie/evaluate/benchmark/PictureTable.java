package dev.aerie.evaluate.benchmark;

/// Where a benchmark keeps its pictures apart from its questions.
///
/// @param config folder of the files with pictures
/// @param key    their column with the picture's name
/// @param name   the questions' column with it
public record PictureTable(String config, String key, String name) {}
