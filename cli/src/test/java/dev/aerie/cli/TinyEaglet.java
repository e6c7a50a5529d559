package dev.aerie.cli;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Aspect;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.world.WorldTokenizer;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.run.Export;
import dev.aerie.train.start.Initial;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A checkpoint of the miniature's shape with one expert and random weights: what it says is noise.
final class TinyEaglet {

    private TinyEaglet() {}

    /// Writes the checkpoint into a folder, which is made.
    static Path write(Path folder) {
        WorldTokenizer.write(folder);
        var words = Tokenizer.open(folder);
        var config = new EagleConfig(
                "EagleLlamaForCausalLM",
                Miniature.EAGLET.language(words.size()),
                "clip-448",
                Miniature.EAGLET.shape(),
                "mlp2x_gelu_norm",
                Aspect.PAD,
                Set.of(words.eos().orElseThrow()),
                640);
        Torch.seed(1);
        try (var initial = new Initial();
                var parameters = new Parameters(initial, _ -> false, DType.F32)) {
            var _ = EagleModel.of(parameters, config, 336);
            new Export(config, folder, DType.BF16).writeTo(folder, parameters, Map.of());
        }
        return folder;
    }
}
