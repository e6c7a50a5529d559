package dev.aerie.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.nn.Beginning;
import dev.aerie.nn.Between;
import dev.aerie.nn.Fresh;
import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// MoVA's adapter and its routes.
class MovaTest {

    private static final List<ExpertSpec> EXPERTS = List.of(
            Sketch.LEADER, new ExpertSpec("sam", 64, 4, 6, 2), new ExpertSpec("det", 64, 7, 5, 2), Sketch.PLAIN);

    private final Doubles source = new Doubles(9);
    private final Fresh fresh = new Fresh(DType.F64);
    private TensorScope scope = TensorScope.open();

    @BeforeEach
    void open() {
        scope = TensorScope.open();
        Torch.seed(2);
    }

    @AfterEach
    void close() {
        scope.close();
        fresh.close();
        source.close();
    }

    private static Route route(Integer... experts) {
        return new Route(new TreeSet<>(Arrays.asList(experts)));
    }

    private static FusionChoice choice(int down, int experts) {
        return new FusionChoice(Fusions.MOVA, Map.of("layers", 2, "heads", 2, "down", down, "experts", experts));
    }

    private Fusion fusion(int experts) {
        return Fusions.make(source, Sketch.setting(EXPERTS), choice(1, experts));
    }

    private List<FeatureMap> maps(long batch) {
        return EXPERTS.stream()
                .map(expert -> new FeatureMap(
                        source.random(0, 1, batch, (long) expert.grid() * expert.grid(), expert.channels()),
                        expert.grid(),
                        expert.grid()))
                .toList();
    }

    private static double difference(Tensor a, Tensor b) {
        assertThat(a.shape()).containsExactly(b.shape());
        return a.minus(b).abs().max().item();
    }

    @Test
    void aNewOneHandsOnWhatTheFirstSeesAveragedDown() {
        var fusion = Fusions.make(fresh, Sketch.setting(EXPERTS), choice(5, 3));
        var maps = maps(2);
        var mean = Interpolation.BILINEAR
                .resize(maps.getFirst().planes(), 5, 5)
                .flatten(2)
                .mean(2)
                .unsqueeze(1); // [B, 1, C]
        assertThat(difference(fusion.fuse(maps, Between.NOTHING).tokens(), mean))
                .isLessThan(1e-6); // shares of the average are float32
    }

    @Test
    void whoIsNotAskedSaysNothing() {
        var fusion = fusion(3);
        var maps = maps(1);
        var route = Routes.of(route(1, 3));
        var tokens = fusion.fuse(maps, route, Between.NOTHING).tokens();
        for (int expert = 0; expert < EXPERTS.size(); expert++) {
            var others = new ArrayList<>(maps);
            others.set(expert, maps(1).get(expert));
            var moved = fusion.fuse(others, route, Between.NOTHING).tokens();
            assertThat(difference(moved, tokens) > 1e-9)
                    .describedAs("expert " + expert)
                    .isEqualTo(expert != 2);
        }
    }

    @Test
    void picturesOfABatchHaveTheirOwnRoutes() {
        var fusion = fusion(3);
        var maps = maps(4);
        var routes = List.of(route(1, 2), route(), route(3), route(1, 2, 3));
        var together = fusion.fuse(maps, new Routes(routes), Between.NOTHING).tokens();
        for (int b = 0; b < routes.size(); b++) {
            int picture = b;
            var alone = maps.stream()
                    .map(map -> map.withTokens(map.tokens().narrow(0, picture, 1)))
                    .toList();
            var tokens = fusion.fuse(alone, Routes.of(routes.get(b)), Between.NOTHING)
                    .tokens();
            assertThat(difference(together.narrow(0, b, 1), tokens)).isLessThan(1e-12);
        }
        assertThat(difference(fusion.fuse(maps, Between.NOTHING).tokens().narrow(0, 3, 1), together.narrow(0, 3, 1)))
                .isLessThan(1e-12);
    }

    /// In float32, which training computes in: what no expert looks at has a gradient, too.
    @Test
    void aPictureThatNobodyElseLooksAtTeachesNumbers() {
        try (var single = new Fresh(DType.F32)) {
            var learned = new ArrayList<Tensor>();
            var fusion = Fusions.make(new Learned(single, learned), Sketch.setting(EXPERTS), choice(1, 3));
            var maps = maps(2).stream()
                    .map(map -> map.withTokens(map.tokens().to(DType.F32)))
                    .toList();
            var routes = new Routes(List.of(route(2), route()));
            fusion.fuse(maps, routes, Between.NOTHING).tokens().sum().backward();
            var gradients =
                    learned.stream().flatMap(each -> each.gradient().stream()).toList();
            assertThat(gradients).isNotEmpty();
            assertThat(gradients)
                    .allSatisfy(gradient -> assertThat(
                                    Double.isFinite(gradient.abs().sum().item()))
                            .isTrue());
        }
    }

    /// A source whose parameters learn.
    private record Learned(Fresh made, List<Tensor> parameters) implements MadeSource {

        @Override
        public Tensor parameter(String name, long... shape) {
            var parameter = made.parameter(name, Beginning.normal(0.3), shape).requireGradient();
            parameters.add(parameter);
            return parameter;
        }
    }

    @Test
    void theGateKeepsTheLargestSharesOfThoseAsked() {
        var block = new MovaBlock(source, new MovaBlock.Size(8, List.of(6, 5, 5), 2, 5, 2));
        var x = source.random(0, 3, 3, 25, 8);
        var all = new MovaBlock(source, new MovaBlock.Size(8, List.of(6, 5, 5), 2, 5, 3))
                .shares(x, Routes.ALL)
                .values()
                .toDoubles();
        var shares = block.shares(x, Routes.ALL);
        var some = block.shares(x, new Routes(List.of(route(1, 3), route(2), route())))
                .values()
                .toDoubles();
        for (int b = 0; b < 3; b++) {
            var values = Arrays.copyOfRange(shares.values().toDoubles(), 3 * b, 3 * b + 3);
            var free = Arrays.copyOfRange(all, 3 * b, 3 * b + 3);
            int least = free[0] <= free[1] ? (free[0] <= free[2] ? 0 : 2) : (free[1] <= free[2] ? 1 : 2);
            for (int e = 0; e < 3; e++) {
                assertThat(shares.kept()[b][e]).isEqualTo(e != least);
                double expected = e == least ? 0 : free[e] / (1 - free[least]);
                assertThat(values[e]).isCloseTo(expected, within(1e-12));
            }
        }
        assertThat(some[0] + some[2]).isCloseTo(1, within(1e-12));
        assertThat(some[0]).isCloseTo(all[0] / (all[0] + all[2]), within(1e-12));
        assertThat(Arrays.copyOfRange(some, 3, 9)).containsExactly(0, 1, 0, 0, 0, 0);
    }

    /// Without positions the order of what is looked at would not matter.
    @Test
    void aLookDependsOnWhereThingsLie() {
        var attention = new PlaneAttention(source, 8, 6, 2, 5);
        var x = source.random(0, 1, 1, 25, 8);
        var at = source.random(0, 1, 1, 25, 6);
        var order = new long[25];
        for (int i = 0; i < 25; i++) {
            order[i] = (i + 7L) % 25;
        }
        var moved = at.indexSelect(1, Tensor.of(order, 25));
        assertThat(difference(attention.apply(x, moved), attention.apply(x, at)))
                .isGreaterThan(1e-6);
    }

    @Test
    void wrongSizesAndRoutesAreRefused() {
        var setting = Sketch.setting(EXPERTS);
        assertThatThrownBy(() -> Fusions.make(source, setting, new FusionChoice(Fusions.MOVA, Map.of("heads", 8))))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("8 heads");
        assertThatThrownBy(() -> Fusions.make(source, setting, choice(2, 3)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("2 x 2");
        assertThatThrownBy(() -> route(0)).isInstanceOf(AerieException.class).hasMessageContaining("from 1");
    }
}
