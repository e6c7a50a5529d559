package dev.aerie.cli;

import dev.aerie.eagle.AnswerOptions;
import dev.aerie.language.Sampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// How answers are generated; greedy unless told otherwise.
final class GenerationFlags {

    @Option(
            names = "--max-tokens",
            defaultValue = "512",
            paramLabel = "N",
            description = "The most new tokens (${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(names = "--ignore-eos", description = "Go on past the end token, up to --max-tokens.")
    private boolean ignoreEnd;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "0 takes the best token; higher draws more freely.")
    private double temperature;

    @Option(names = "--top-k", defaultValue = "0", paramLabel = "K", description = "Draw among the K best; 0 = all.")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Draw among the best that together reach P.")
    private double topP;

    @Option(
            names = "--min-p",
            defaultValue = "0",
            paramLabel = "P",
            description = "Draw among those at least P times as probable as the best.")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            defaultValue = "1",
            paramLabel = "R",
            description = "Above 1 discourages tokens already generated.")
    private double repetitionPenalty;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "Of the draws.")
    private long seed;

    @Option(names = "--beams", defaultValue = "1", paramLabel = "N", description = "Search with N beams.")
    private int beams;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text; repeatable.")
    private List<String> stops = new ArrayList<>();

    AnswerOptions options() {
        var sampling = new Sampling(repetitionPenalty, temperature, topK, topP, minP, seed);
        return new AnswerOptions(maxTokens, sampling, beams, ignoreEnd, stops);
    }
}
