package dev.aerie.parity;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.PatchSequence;
import java.util.ArrayList;
import java.util.List;

/// The patches that Pix2Struct cuts a picture into, with their row and column numbers.
public final class Pix2StructPatchesKind implements Kind {

    /// Of the patches every 89th is kept.
    private static final int KEPT = 89;

    @Override
    public String name() {
        return "pix2struct-patches";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        try (var expected = GoldenTensors.open(file.folder().resolve("expected.safetensors"));
                var _ = TensorScope.open()) {
            var pixels = GoldenImage.of(json.get("image"));
            var sequence = PatchSequence.of(pixels.size(2), pixels.size(3));
            var places = Tensors.stack(List.of(sequence.rowNumbers(), sequence.columnNumbers()), 1)
                    .to(DType.F32); // [N, 2]
            var patches = Tensors.cat(List.of(places, sequence.cut(pixels).squeeze(0)), 1); // [N, 2 + 768]
            long n = patches.size(0);
            long padded = expected.get("attention_mask").size(1);
            double tolerance = json.get("atol").get("output").doubleValue();
            var measures = new ArrayList<Measure>();
            measures.add(expected.compare(
                    "flattened_patches_slice", padded(patches, padded).slice(1, 0, padded, KEPT), tolerance));
            measures.add(expected.compare("row_col", padded(places, padded), 0));
            measures.add(expected.compare(
                    "attention_mask",
                    padded(Tensor.full(1, DType.F32, n, 1), padded).squeeze(2),
                    0));
            return List.of(new Outcome(name(), json.get("case").asString(), measures));
        }
    }

    /// The reference fills the sequence up with zero rows: `[N, C]` to `[1, rows, C]`.
    private static Tensor padded(Tensor x, long rows) {
        var zeros = Tensor.zeros(DType.F32, rows - x.size(0), x.size(1));
        return Tensors.cat(List.of(x, zeros), 0).unsqueeze(0);
    }
}
