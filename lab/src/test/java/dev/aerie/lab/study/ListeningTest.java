package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.EagleModel;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.Export;
import dev.aerie.train.start.Start;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");
    private static final int TOKENS = 16 * 16;

    @TempDir
    Path folder;

    /// A projector may be an MLP or a single layer.
    @ParameterizedTest
    @ValueSource(strings = {"linear", "mlp2x_gelu"})
    void expertsShareEveryToken(String projector) {
        write(projector, List.of("clip-448", "det-1024"));
        var maps = Listening.of(folder, Setting.EASY, 0);
        assertThat(maps).hasSize(2 * Setting.EASY.kinds().size());
        for (int i = 0; i < maps.size(); i += 2) {
            var clip = maps.get(i);
            var det = maps.get(i + 1);
            assertThat(clip.seed()).isEqualTo(det.seed());
            assertThat(clip.expert()).isEqualTo("clip");
            assertThat(clip.shares()).hasSize(TOKENS);
            for (int token = 0; token < TOKENS; token++) {
                assertThat(digit(clip, token) + digit(det, token)).isBetween(34, 36); // each is rounded
            }
        }
    }

    @Test
    void oneExpertAloneTellsNothing() {
        write("linear", List.of("det-1024"));
        assertThat(Listening.of(folder, Setting.EASY, 0)).isEmpty();
    }

    private static int digit(Listening.Map map, int token) {
        return Character.digit(map.shares().charAt(token), Character.MAX_RADIX);
    }

    /// Some of Eaglet's experts behind a fresh projector.
    private void write(String projector, List<String> towers) {
        var experts = new LinkedHashMap<String, Path>();
        towers.forEach(tower -> experts.put(tower, EAGLET));
        var from = new Stage.From(
                Optional.empty(), experts, Optional.of(EAGLET), Optional.empty(), Optional.empty(), projector);
        try (var start = Start.open(from, Optional.empty());
                var parameters = new Parameters(start.source(), _ -> false, DType.F32);
                var _ = TensorScope.open()) {
            EagleModel.of(parameters, start.config(), World.SIDE);
            new Export(start.config(), EAGLET, DType.F32).writeTo(folder, parameters, Map.of());
        }
    }
}
