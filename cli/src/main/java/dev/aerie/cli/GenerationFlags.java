package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--seed", paramLabel = "S", description = "Of the draws (0).")
    private @Nullable Long seed;

    @Option(names = "--beams", defaultValue = "1", paramLabel = "N", description = "Search with N beams.")
    private int beams;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text; repeatable.")
    private List<String> stops = new ArrayList<>();

    /// @throws AerieException if some say what others leave no room for
    AnswerOptions options() {
        var sampling = new Sampling(repetitionPenalty, temperature, topK, topP, minP, seed == null ? 0 : seed);
        new GenerationOptions(maxTokens, Set.of(), sampling, beams); // refuses before a model is opened
        boolean draws = topK != 0 || topP != 1 || minP != 0 || seed != null;
        if (draws && temperature == 0) {
            throw new AerieException("cannot draw tokens at a temperature of 0, which takes the best: give --top-k,"
                    + " --top-p, --min-p and --seed with --temperature above 0, such as 1");
        }
        if (beams > 1 && (draws || temperature != 0 || repetitionPenalty != 1)) {
            throw new AerieException(
                    "cannot search with --beams and draw: leave out the one, or --temperature, --top-k,"
                            + " --top-p, --min-p, --seed and --repetition-penalty");
        }
        return new AnswerOptions(maxTokens, sampling, beams, ignoreEnd, stops);
    }
}
