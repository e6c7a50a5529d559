package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.world.Setting;
import dev.aerie.tensor.DType;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PagingTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");

    @TempDir
    Path folder;

    @Test
    void tokensOfACoarserMapSayLargerCells() {
        assertThat(map(Fusions.CHANNEL_CONCAT, 256, 8)).isEqualTo(new PageMap(8, upTo(256)));
        assertThat(map(Fusions.CHANNEL_CONCAT, 64, 8)).isEqualTo(new PageMap(16, upTo(64)));
        assertThat(map(Fusions.MOVA, 64, 8)).isEqualTo(new PageMap(16, upTo(64)));
        assertThat(map(Fusions.SVA, 64, 8)).isEqualTo(new PageMap(16, upTo(64)));
    }

    @Test
    void mapsInARowSayTheSamePage() {
        var twice = Stream.concat(upTo(64).stream(), upTo(64).stream()).toList();
        assertThat(PageMap.of(Fusions.SEQUENCE_APPEND, 2 * 64, 2, 16)).isEqualTo(new PageMap(16, twice));
        assertThat(PageMap.of(Fusions.SEQUENCE_APPEND, 2 * 64, 2, 8)).isEqualTo(new PageMap(16, twice));
    }

    /// A finer map says each cell several times, side by side, not one map after another.
    @ParameterizedTest
    @EnumSource(
            value = Fusions.class,
            names = {"SVA", "SVA_SEPARATE", "CHANNEL_CONCAT"})
    void tokensOfAFinerMapSayTheCellTheyLieIn(Fusions fusion) {
        assertThat(map(fusion, 64, 16)).isEqualTo(new PageMap(16, upTo(64)));
        var fine = map(fusion, 16 * 16, 16); // over 8 x 8 cells
        assertThat(fine.cell()).isEqualTo(16);
        assertThat(fine.places().subList(0, 16)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        assertThat(fine.places().subList(16, 32)).isEqualTo(fine.places().subList(0, 16));
        assertThat(fine.places().subList(32, 36)).containsExactly(8, 8, 9, 9);
        assertThat(fine.places().getLast()).isEqualTo(63);
        var odd = map(fusion, 24 * 24, 8); // over 16 x 16 cells: three columns for two
        assertThat(odd.cell()).isEqualTo(8);
        assertThat(odd.places().subList(0, 6)).containsExactly(0, 1, 1, 2, 3, 3);
        assertThat(odd.places().subList(24, 27)).containsExactly(16, 17, 17);
        assertThat(odd.places()).containsAll(upTo(256));
    }

    @ParameterizedTest
    @CsvSource({
        "CHANNEL_CONCAT, 33",
        "CHANNEL_CONCAT, 36",
        "CHANNEL_CONCAT, 128",
        "CHANNEL_CONCAT, 512",
        "SVA, 144",
        "SEQUENCE_APPEND, 256",
        "FLAMINGO, 1",
        "PERCEIVER, 64",
        "Q_FORMER, 256"
    })
    void whatIsNoMapOfAPageIsRefused(Fusions fusion, int tokens) {
        assertThatThrownBy(() -> PageMap.of(fusion, tokens, 3, 8))
                .hasMessageContaining(fusion.label() + " gives " + tokens + " tokens")
                .hasMessageContaining("fine-tune.from.checkpoint=projector");
    }

    private static PageMap map(Fusions fusion, int tokens, int cell) {
        return PageMap.of(fusion, tokens, 3, cell);
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void pagesAreTaughtToFewerTokens() {
        var said = new ArrayList<String>();
        run(new FusionChoice(Fusions.CHANNEL_CONCAT, Map.of("shuffle", 2)), said);
        assertThat(said).anyMatch(line -> line.startsWith("paging: F1"));
        assertThat(EagleConfig.open(folder.resolve("paged")).mixture().fusion().sizes())
                .isEqualTo(Map.of("shuffle", 2));
    }

    @Test
    void tokensThatAreNoMapAreRefused() {
        assertThatThrownBy(() -> run(new FusionChoice(Fusions.Q_FORMER, Map.of("queries", 64)), new ArrayList<>()))
                .hasMessageContaining("64 tokens")
                .hasMessageContaining("fine-tune.from.checkpoint=projector");
    }

    private void run(FusionChoice fusion, List<String> said) {
        var settings = PagingRun.settings(Setting.FULL, 0, 2);
        new PagingRun(settings, true, DType.F32, task -> new TaskReport("paging", task, settings, 2, said::add))
                .run(EAGLET, Optional.of(fusion), _ -> Routes.ALL, folder.resolve("run"), folder.resolve("paged"));
    }

    @Test
    void expertsStayAsTheyAreAllOrNone() {
        assertThat(PagingRun.frozen(stage("fine-tune.learn.experts=0"))).isTrue();
        assertThat(PagingRun.frozen(stage("fine-tune.learn.experts=1.0e-4"))).isFalse();
        assertThatThrownBy(() -> PagingRun.frozen(stage("fine-tune.learn.det-1024=0")))
                .hasMessageContaining("det-1024 alone");
    }

    private static Stage stage(String setting) {
        return Recipe.find("eaglet", List.of(setting)).stage("fine-tune");
    }
}
