package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Looking;
import dev.aerie.eagle.Progress;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Template;
import dev.aerie.tiling.TilingChoice;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which checkpoint is opened, and how.
final class ModelOptions {

    enum Precision {
        FLOAT32(DType.F32),
        BFLOAT16(DType.BF16);

        final DType dtype;

        Precision(DType dtype) {
            this.dtype = dtype;
        }
    }

    static final String EXPERTS =
            "Who looks at pictures, where the fusion is mova: asked (the language model chooses, if the"
                    + " checkpoint has a routing.json), all, first, or towers such as 'sam-1024;det-1024'.";

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint: a folder in Hugging Face layout, or eaglet, the one that comes with Aerie.")
    private Path model = Path.of("");

    @Option(
            names = "--dtype",
            defaultValue = "float32",
            paramLabel = "TYPE",
            description = "What is computed in: float32 (the reference) or bfloat16. Weights stay as they are stored.")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "Prompt template; guessed from the tokenizer by default.")
    private @Nullable String template;

    @Option(
            names = "--clip-input",
            defaultValue = "336",
            paramLabel = "PIXELS",
            description = "Side of CLIP's picture where config.json does not say it: 336 as released, or 448 as in the"
                    + " paper.")
    private int clipInput;

    @Option(
            names = "--tiling",
            paramLabel = "NAME[:N]",
            description = "Look at pictures in tiles, up to N; 'aerie tiles' shows and lists the methods.")
    private @Nullable String tiling;

    @Option(names = "--experts", defaultValue = "asked", paramLabel = "WHICH", description = EXPERTS)
    private String experts = "asked";

    @Option(
            names = "--whole-prompt",
            description =
                    "Read long prompts to their end instead of cutting them to the trained length as the reference does.")
    private boolean wholePrompt;

    @Option(
            names = "--vision-tower",
            paramLabel = "DIR",
            description =
                    "Folder or file of the CLIP that mm_vision_tower names, where the checkpoint does not hold it.")
    private @Nullable Path visionTower;

    @Option(
            names = "--vision-tower-aux",
            paramLabel = "DIR",
            description = "The same for the ConvNeXt that mm_vision_tower_aux names (Mini-Gemini).")
    private @Nullable Path auxTower;

    /// As it was named.
    Path folder() {
        return model;
    }

    Eagle open(Progress progress) {
        var options = new LoadOptions(
                precision.dtype,
                clipInput,
                Optional.ofNullable(template).map(Template::named),
                progress,
                wholePrompt,
                new LoadOptions.Towers(Optional.ofNullable(visionTower), Optional.ofNullable(auxTower)),
                Optional.ofNullable(tiling).map(TilingChoice::of),
                Looking.parse(experts));
        useThreads(threads);
        return Eagle.open(ShippedModels.find(model), options);
    }

    static void useThreads(int threads) {
        if (threads < 0 || threads > 1024) {
            throw new AerieException("cannot compute with " + threads + " threads: expected 1 to 1024");
        }
        if (threads > 0) {
            Torch.setThreads(threads);
        }
    }
}
