package dev.aerie.lab.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.lab.pretrain.Tally;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole distillation in the fewest steps. What it measures is noise.
class RadioTest {

    private static final int HELD_OUT = 5;

    @TempDir
    Path folder;

    private static Radio.Settings settings(long steps, String... alone) {
        return new Radio.Settings(List.of("det-1024", "sam-1024"), List.of(alone), steps, 2, 2, HELD_OUT, 4, DType.F32);
    }

    private Radio radio(String name, Radio.Settings settings, Consumer<String> say) {
        return new Radio(folder.resolve(name), folder.resolve("eaglet"), settings, 1, say);
    }

    @Test
    void goesOnWhereItWasKilledAndComesToTheSame() throws Exception {
        TinyExperts.write(folder.resolve("eaglet"), Experts.DET, Experts.SAM);
        var settings = settings(3, "pix2struct-1024");
        var whole = radio("whole", settings, _ -> {});
        var result = whole.run();

        for (var last : List.of("student:", "alone-pix2struct-1024:", "probe-start:", "probe-sam-1024:")) {
            assertThatThrownBy(() -> radio("killed", settings, line -> {
                                if (line.startsWith(last)) { // is in its last step, with a snapshot of the one before
                                    throw new IllegalStateException("killed");
                                }
                            })
                            .run())
                    .hasMessage("killed");
        }
        assertThat(radio("killed", settings, _ -> {}).run()).isEqualTo(result);
        assertThat(contents("killed")).hasSize(17).isEqualTo(contents("whole"));

        assertThat(radio("whole", settings, _ -> {
                            throw new IllegalStateException("is done again");
                        })
                        .run())
                .isEqualTo(result);
        assertThatThrownBy(() -> radio("whole", settings(4), _ -> {}).run())
                .hasMessageContaining("begun with other settings");

        hasAllRows(result);
        studentsAreExperts();
    }

    /// All but snapshots.
    private Map<String, Integer> contents(String name) throws IOException {
        var contents = new TreeMap<String, Integer>();
        var root = folder.resolve(name);
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var place = root.relativize(file).toString();
                if (!place.startsWith("runs")) {
                    contents.put(place, Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }

    private static void hasAllRows(RadioResult result) {
        assertThat(result.explained())
                .extracting(RadioResult.Measured::measure)
                .containsExactly("det-1024", "sam-1024");
        assertThat(result.rows())
                .extracting(RadioResult.Row::name)
                .containsExactly("student", "start", "alone-pix2struct-1024", "det-1024", "sam-1024");
        assertThat(result.rows())
                .allSatisfy(row -> assertThat(row.scores()).allSatisfy(score -> {
                    assertThat(score.pictures()).hasSize(HELD_OUT);
                    assertThat(Tally.share(score.pictures())).isBetween(0.0, 1.0);
                }));
        assertThat(result.student().scores())
                .extracting(RadioResult.Measured::measure)
                .containsExactly("class and colour F1", "character F1", "mean IoU");
    }

    /// They are files that a mixture opens as its CLIP, with nothing in them but the encoder, and all began alike.
    private void studentsAreExperts() {
        for (var name : List.of("student", "start", "alone-pix2struct-1024")) {
            var file = folder.resolve("whole").resolve(name + ".safetensors");
            try (var source = new CheckpointSource(Checkpoint.open(file))) {
                var spec = Experts.CLIP.make(source, World.SIDE).spec();
                assertThat(spec.grid()).isEqualTo(16);
                assertThat(spec.channels()).isEqualTo(128);
                assertThat(source.unexpected()).isEmpty();
            }
        }
        assertThat(patches("student")).isNotEqualTo(patches("start"));
        assertThat(distance("student")).isBetween(1e-6, 3e-3); // three steps of Adam from there
        assertThat(distance("alone-pix2struct-1024")).isBetween(1e-6, 3e-3);
    }

    private double distance(String name) {
        var one = patches(name);
        var other = patches("start");
        double most = 0;
        for (int i = 0; i < one.length; i++) {
            most = Math.max(most, Math.abs(one[i] - other[i]));
        }
        return most;
    }

    private float[] patches(String name) {
        try (var source =
                new CheckpointSource(Checkpoint.open(folder.resolve("whole").resolve(name + ".safetensors")))) {
            return source.parameter("vision_model.embeddings.patch_embedding.weight", 128, 3, 8, 8)
                    .toFloats();
        }
    }

    @Test
    void refusesWhatCannotBeDone() {
        TinyExperts.write(folder.resolve("eaglet"), Experts.DET);
        assertThatThrownBy(() -> radio("one", settings(2), _ -> {}).run())
                .hasMessageContaining("cannot learn from sam-1024: there is no file");
        assertThatThrownBy(() -> settings(0)).hasMessageContaining("the student's steps are 0, expected 1");
        assertThatThrownBy(() -> settings(1, "det-1024", "det-1024")).hasMessageContaining("named twice");
        assertThat(folder.resolve("one")).doesNotExist();
    }
}
