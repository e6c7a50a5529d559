package dev.aerie.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.Fresh;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.ExpertSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What must hold of each method whatever its weights are, and of how each begins.
class FusionInvariantsTest {

    private static final long WIDTH = 8;

    private final Random random = new Random(4);
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

    private Tensor any(long... shape) {
        return source.random(0, 1, shape);
    }

    private static void assertSame(Tensor actual, Tensor expected, double within) {
        assertThat(actual.shape()).containsExactly(expected.shape());
        assertThat(actual.minus(expected).abs().max().item()).isLessThanOrEqualTo(within);
    }

    private static double difference(Tensor a, Tensor b) {
        return a.minus(b).abs().max().item();
    }

    // ---- LLaVA-HR

    @ParameterizedTest
    @EnumSource(ResolutionAdapter.Gate.class)
    void aNewAdapterChangesNothing(ResolutionAdapter.Gate gate) {
        var adapter = new ResolutionAdapter(fresh, (int) WIDTH, 5, gate);
        var tokens = any(2, 16, WIDTH);
        assertSame(adapter.apply(tokens, any(2, 5, 3, 3)), tokens, 0);
    }

    @Test
    void theGateIsOfEachPictureAndBetweenMinusOneAndOne() {
        var adapter = new ResolutionAdapter(source, (int) WIDTH, 5, ResolutionAdapter.Gate.SCALAR);
        var near = any(3, 16, WIDTH).times(5);
        var far = any(3, 16, WIDTH).times(5);
        var gate = adapter.gate(near, far);
        assertThat(gate.shape()).containsExactly(3, 1, 1);
        assertThat(Arrays.stream(gate.toDoubles())).allMatch(value -> Math.abs(value) < 1);
        var order = Tensor.of(new long[] {2, 0, 1}, 3);
        assertSame(
                adapter.gate(near.indexSelect(0, order), far.indexSelect(0, order)), gate.indexSelect(0, order), 1e-12);
        assertThat(difference(gate.narrow(0, 0, 1), gate.narrow(0, 1, 1))).isPositive();
    }

    @Test
    void otherExpertsReachTheLeaderBetweenItsBlocks() {
        var experts = List.of(Sketch.LEADER, Sketch.STAGED);
        var fusion = Fusions.make(source, Sketch.setting(experts), Sketch.small(Fusions.LLAVA_HR));
        assertThat(fusion.order()).containsExactly(1, 0);
        var maps = Sketch.maps(source, experts, 1);
        var hidden = any(1, 16, WIDTH);
        var inside = fusion.inside(0, List.of(maps.get(1)));
        for (int block = 0; block < 4; block++) {
            assertThat(difference(inside.after(block, hidden), hidden) > 0).isEqualTo(block < 3);
        }
        assertThat(fusion.inside(1, List.of())).isSameAs(Between.NOTHING);
        var frozen = new FusionChoice(Fusions.LLAVA_HR, Map.of("adapters", 0));
        var untouched = Fusions.make(source, Sketch.setting(experts), frozen).inside(0, List.of(maps.get(1)));
        assertThat(untouched.after(0, hidden)).isSameAs(hidden);
        assertThatThrownBy(() -> inside.after(0, any(1, 17, WIDTH)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("clip");
    }

    // ---- Mini-Gemini

    @Test
    void theOrderOfCellsInAWindowDoesNotMatter() {
        var mining = new PatchMining(source, (int) WIDTH, List.of(6));
        var tokens = any(1, 9, WIDTH);
        var map = any(1, 81, 6); // windows of 3 x 3 cells
        var order = new long[81];
        for (int window = 0; window < 9; window++) {
            var cells = cells(window, 3, 3);
            var shuffled = new ArrayList<>(cells);
            Collections.shuffle(shuffled, random);
            for (int i = 0; i < cells.size(); i++) {
                order[cells.get(i)] = shuffled.get(i);
            }
        }
        var moved = map.indexSelect(1, Tensor.of(order, 81));
        assertThat(difference(moved, map)).isPositive();
        assertSame(mining.apply(tokens, List.of(moved)), mining.apply(tokens, List.of(map)), 1e-12);
    }

    @Test
    void aCellIsSeenByItsOwnTokenAlone() {
        var mining = new PatchMining(source, (int) WIDTH, List.of(6));
        var tokens = any(1, 9, WIDTH);
        var map = any(1, 81, 6);
        int window = 5;
        int cell = cells(window, 3, 3).get(4);
        var changed = Tensors.cat(List.of(map.narrow(1, 0, cell), any(1, 1, 6), map.narrow(1, cell + 1, 80 - cell)), 1);
        var moved = mining.apply(tokens, List.of(changed)).minus(mining.apply(tokens, List.of(map)));
        for (int token = 0; token < 9; token++) {
            double most = moved.select(1, token).abs().max().item();
            assertThat(most > 1e-9).describedAs("token " + token).isEqualTo(token == window);
        }
    }

    /// The cells of window `window` of n × n windows of m × m cells.
    private static List<Integer> cells(int window, int n, int m) {
        int top = window / n * m;
        int left = window % n * m;
        return IntStream.range(0, m * m)
                .map(i -> (top + i / m) * n * m + left + i % m)
                .boxed()
                .toList();
    }

    @Test
    void oneCellIsItsOwnValue() {
        var mining = new PatchMining(source, (int) WIDTH, List.of(6));
        var value = NormedLinear.withBias(source.at("vlm_uni_val_projector"), 6, (int) WIDTH);
        var map = any(2, 9, 6);
        assertSame(mining.apply(any(2, 9, WIDTH), List.of(map)), value.apply(map), 1e-12);
    }

    @Test
    void severalMapsAreOneSetOfKeys() {
        var mining = new PatchMining(source, (int) WIDTH, List.of(6, 5));
        var tokens = any(1, 4, WIDTH);
        var fine = any(1, 16, 6);
        var flat = any(1, 4, 5);
        assertThat(difference(
                        mining.apply(tokens, List.of(fine, flat)), mining.apply(tokens, List.of(fine, any(1, 4, 5)))))
                .isPositive();
    }

    @Test
    void aMapThatIsNotFinerIsRefused() {
        var coarse = List.of(Sketch.LEADER, new ExpertSpec("sam", 64, 4, 6, 2));
        assertThatThrownBy(() -> Fusions.make(source, Sketch.setting(coarse), Sketch.small(Fusions.MINI_GEMINI)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("finer");
    }

    // ---- deformable attention

    @Test
    void aNewOffsetPointsInItsHeadsDirection() {
        var offsets = DeformableAttention.initialOffsets(8, 4, 1, 1);
        double[][] directions = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
        for (int head = 0; head < 8; head++) {
            for (int level = 0; level < 2; level++) {
                for (int point = 0; point < 4; point++) {
                    int at = ((head * 2 + level) * 4 + point) * 2;
                    assertThat(offsets[at]).isCloseTo((point + 1) * directions[head][0], within(1e-12));
                    assertThat(offsets[at + 1]).isCloseTo((point + 1) * directions[head][1], within(1e-12));
                }
            }
        }
        assertThat(DeformableAttention.initialOffsets(16, 1, 1)[3]).isCloseTo(Math.tan(Math.PI / 8), within(1e-12));
    }

    @Test
    void valuesBetweenCellsAreInterpolatedAndZeroOutside() {
        var cells = new double[16];
        for (int i = 0; i < 16; i++) {
            cells[i] = 10.0 * (i / 4) + i % 4;
        }
        double[][] expected = {{.5, .5, 16.5}, {.125, .125, 0}, {0, 0, 0}, {.3, .7, 23.7}, {1, .5, 9}, {.95, .05, 1.47}
        };
        for (var each : expected) {
            var point = Tensor.of(new double[] {2 * each[0] - 1, 2 * each[1] - 1}, 1, 1, 1, 2);
            double value =
                    Functional.sample(Tensor.of(cells, 1, 1, 4, 4), point).item();
            assertThat(value).isCloseTo(each[2], within(1e-9));
        }
    }

    /// A map that is wider than high: offsets are counted in cells of each direction.
    @Test
    void offsetsAreCellsOfAMapThatIsNotSquare() {
        var identity = new ParametersByName();
        int width = 2;
        identity.set("value_proj.weight", eye(width));
        identity.set("output_proj.weight", eye(width));
        identity.set("sampling_offsets.bias", new double[] {2, 1});
        var attention = new DeformableAttention(identity, width, 1, 1, 1);
        int height = 3;
        int columns = 7;
        var map = any(1, (long) height * columns, width);
        var centre = Tensor.of(new double[] {2.5 / columns, 0.5 / height}, 1, 1, 1, 2); // cell (0, 2)
        var found =
                attention.apply(any(1, 1, width), centre, map, List.of(new DeformableAttention.Level(height, columns)));
        assertSame(found.output().select(1, 0), map.select(1, columns + 4), 1e-9); // one row down, two to the right
        assertThat(found.weights().item()).isEqualTo(1);
    }

    @Test
    void withoutOffsetsAllPointsLieInTheCentre() {
        var plain = new ParametersByName();
        int width = 4;
        plain.set("value_proj.weight", eye(width));
        plain.set("output_proj.weight", eye(width));
        var attention = new DeformableAttention(plain, width, 2, 3, 1);
        var map = any(1, 25, width);
        var centres = Tensor.of(new double[] {0.5, 0.5}, 1, 1, 1, 2);
        var found = attention.apply(any(1, 1, width), centres, map, List.of(new DeformableAttention.Level(5, 5)));
        assertSame(found.output().select(1, 0), map.select(1, 12), 1e-9);
        assertThat(Arrays.stream(found.weights().toDoubles())).allMatch(share -> Math.abs(share - 1.0 / 3) < 1e-12);
    }

    private static double[] eye(int n) {
        var values = new double[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return values;
    }

    // ---- sequence append and channel concatenation

    /// Squares are joined row after row, so a token holds what four places of the picture hold.
    @Test
    void shuffledTokensHoldTheirSquares() {
        var experts = List.of(Sketch.LEADER, Sketch.PLAIN);
        var maps = Sketch.maps(source, experts, 2);
        int channels = Sketch.LEADER.channels() + Sketch.PLAIN.channels();
        var all = new ChannelConcat(experts, 4).fuse(maps, Between.NOTHING).tokens();
        var fusion = merging("shuffle", experts);
        var joined = fusion.fuse(maps, Between.NOTHING).tokens();
        assertThat(fusion.spec()).isEqualTo(FusionSpec.plain(2, 4, 4 * channels));
        int[] square = {2, 3, 6, 7}; // of the second of 2 x 2 tokens
        for (int i = 0; i < 4; i++) {
            assertSame(joined.select(1, 1).narrow(1, (long) i * channels, channels), all.select(1, square[i]), 0);
        }
    }

    @Test
    void pooledTokensAreTheMeansOfTheirSquares() {
        var experts = List.of(Sketch.LEADER, Sketch.PLAIN);
        var maps = Sketch.maps(source, experts, 2);
        var all = new ChannelConcat(experts, 4).fuse(maps, Between.NOTHING).tokens();
        var fusion = merging("pool", experts);
        var pooled = fusion.fuse(maps, Between.NOTHING).tokens();
        assertThat(fusion.spec()).isEqualTo(FusionSpec.plain(2, 4, Sketch.LEADER.channels() + Sketch.PLAIN.channels()));
        var sum =
                all.select(1, 8).plus(all.select(1, 9)).plus(all.select(1, 12)).plus(all.select(1, 13));
        assertSame(pooled.select(1, 2), sum.times(0.25), 1e-6);
    }

    @Test
    void aGridThatHasNoSuchSquaresIsRefused() {
        assertThatThrownBy(() -> new ChannelConcat(List.of(Sketch.LEADER), 4, 1, 3))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("shuffle 3");
    }

    private Fusion merging(String size, List<ExpertSpec> experts) {
        var setting = new FusionSetting(experts, 4, "mlp2x_gelu", Sketch.DECODER);
        return Fusions.make(source, setting, new FusionChoice(Fusions.CHANNEL_CONCAT, Map.of(size, 2)));
    }

    @Test
    void swappedExpertsSwapBlocksOfTokens() {
        var there = List.of(Sketch.LEADER, Sketch.PLAIN);
        var back = List.of(Sketch.PLAIN, Sketch.LEADER);
        var tokens = fused(Fusions.SEQUENCE_APPEND, there, new Swapped(source, false));
        var swapped = fused(Fusions.SEQUENCE_APPEND, back, new Swapped(source, true));
        assertSame(swapped.narrow(1, 0, 25), tokens.narrow(1, 25, 25), 0);
        assertSame(swapped.narrow(1, 25, 25), tokens.narrow(1, 0, 25), 0);
    }

    @Test
    void swappedExpertsSwapChannels() {
        var tokens = fused(Fusions.CHANNEL_CONCAT, List.of(Sketch.LEADER, Sketch.PLAIN), source);
        var swapped = fused(Fusions.CHANNEL_CONCAT, List.of(Sketch.PLAIN, Sketch.LEADER), source);
        assertSame(swapped.narrow(2, 0, 5), tokens.narrow(2, 8, 5), 0);
        assertSame(swapped.narrow(2, 5, 8), tokens.narrow(2, 0, 8), 0);
    }

    private Tensor fused(Fusions method, List<ExpertSpec> experts, ParameterSource parameters) {
        var fusion = Fusions.make(parameters, Sketch.setting(experts), Sketch.small(method));
        return fusion.fuse(Sketch.maps(source, experts, 2), Between.NOTHING).tokens();
    }

    @Test
    void newSharesAreEqual() {
        var experts = List.of(Sketch.LEADER, Sketch.PLAIN);
        var made = new ArrayList<Tensor>();
        var maps = Sketch.maps(source, experts, 1);
        var sum = Fusions.make(fresh, Sketch.setting(experts), Sketch.small(Fusions.SUM));
        var whole = sum.fuse(maps, Between.NOTHING).tokens();
        for (int i = 0; i < 2; i++) {
            var only = new ArrayList<>(maps);
            var other = maps.get(1 - i);
            only.set(
                    1 - i,
                    other.withTokens(Tensor.zeros(DType.F64, other.tokens().shape())));
            made.add(sum.fuse(only, Between.NOTHING).tokens());
        }
        assertSame(made.get(0).plus(made.get(1)), whole, 1e-12); // a new linear layer has no bias
    }

    // ---- Cambrian

    private static SpatialAggregator.Size aggregator(List<Integer> across, SpatialAggregator.Kind kind) {
        return new SpatialAggregator.Size(8, 8, 8, across, 2, 2, kind);
    }

    @Test
    void maskingAnEncoderRemovesIt() {
        var both = new SpatialAggregator(source, aggregator(List.of(1, 2), SpatialAggregator.Kind.JOINT));
        var one = new SpatialAggregator(source, aggregator(List.of(1), SpatialAggregator.Kind.JOINT));
        var queries = any(2, 9, 8);
        var context = any(2, 1, 8);
        var first = any(2, 9, 1, 8);
        var second = any(2, 9, 4, 8);
        var seen = Tensor.full(1, DType.U8, 2, 9, 1);
        var hidden = Tensor.zeros(DType.U8, 2, 9, 4);
        assertSame(
                both.apply(queries, context, List.of(first, second), List.of(seen, hidden)),
                one.apply(queries, context, List.of(first)),
                1e-9);
    }

    @ParameterizedTest
    @EnumSource(SpatialAggregator.Kind.class)
    void aWindowOfWhichNothingIsSeenIsANumber(SpatialAggregator.Kind kind) {
        var aggregator = new SpatialAggregator(source, aggregator(List.of(1, 2), kind));
        var queries = any(1, 4, 8);
        var context = any(1, 1, 8);
        var cells = List.of(any(1, 4, 1, 8), any(1, 4, 4, 8));
        var nothing = List.of(Tensor.zeros(DType.U8, 1, 4, 1), Tensor.zeros(DType.U8, 1, 4, 4));
        assertSame(aggregator.apply(queries, context, cells, nothing), aggregator.apply(queries, context, cells), 1e-9);
    }

    // ---- Flamingo

    @Test
    void aNewLayerOfCrossAttentionChangesNothing() {
        var layer = new GatedCrossAttention(fresh, Sketch.DECODER, 6);
        var hidden = any(2, 5, Sketch.DECODER.hidden());
        assertSame(layer.think(layer.look(hidden, any(2, 3, 6))), hidden, 0);
    }

    @Test
    void aPositionSeesTheLastPictureBeforeIt() {
        var experts = List.of(Sketch.LEADER, Sketch.PLAIN);
        var fusion = Fusions.make(source, Sketch.setting(experts), Sketch.small(Fusions.FLAMINGO));
        var places = new Places(List.of(List.of(new Places.Place(2, 1, 0), new Places.Place(5, 1, 1))));
        var hidden = any(1, 8, Sketch.DECODER.hidden());
        var pictures = any(2, 3, 8);
        var other = Tensors.cat(List.of(pictures.narrow(0, 0, 1), any(1, 3, 8)), 0);
        var before = fusion.beside(places, List.of(pictures)).from(0).before(0, hidden);
        var after = fusion.beside(places, List.of(other)).from(0).before(0, hidden);
        for (int t = 0; t < 8; t++) {
            double moved =
                    before.select(1, t).minus(after.select(1, t)).abs().max().item();
            assertThat(moved > 1e-9).describedAs("position " + t).isEqualTo(t >= 5);
        }
        assertThat(difference(before, hidden)).isPositive();
    }

    // ---- all that work in the decoder

    @ParameterizedTest
    @ValueSource(strings = {"sva", "sva-separate", "flamingo"})
    void aRowInPiecesIsTheRow(String method) {
        var experts = List.of(Sketch.LEADER, Sketch.STAGED);
        var fusion = Fusions.make(source, Sketch.setting(experts), Sketch.small(Fusions.named(method)));
        var seen = fusion.fuse(Sketch.maps(source, experts, 2), Between.NOTHING);
        int tokens = seen.count();
        int length = 2 * tokens + 5;
        var places =
                new Places(List.of(List.of(new Places.Place(1, tokens, 0)), List.of(new Places.Place(3, tokens, 1))));
        var beside = fusion.beside(places, seen.beside());
        var hidden = any(2, length, Sketch.DECODER.hidden());
        var whole = step(beside.from(0), hidden);
        var parts = new ArrayList<Tensor>();
        for (int start = 0; start < length; start += 3) {
            parts.add(step(beside.from(start), hidden.narrow(1, start, Math.min(3, length - start))));
        }
        assertSame(Tensors.cat(parts, 1), whole, 1e-12);
        assertThat(difference(whole, hidden)).isPositive();
    }

    private static Tensor step(Between between, Tensor hidden) {
        return between.after(0, between.before(0, hidden));
    }

    // ---- choices

    @Test
    void wrongChoicesAreRefusedInOneLine() {
        assertThatThrownBy(() -> Fusions.named("blend"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("'blend'")
                .hasMessageContaining("mini-gemini");
        assertThatThrownBy(() -> new FusionChoice(Fusions.SVA, Map.of("depth", 1)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("'depth'")
                .hasMessageContaining("layers");
        assertThatThrownBy(() -> new FusionChoice(Fusions.SVA, Map.of("layers", 0)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("layers 0");
        for (var large : Map.of(
                        Fusions.CHANNEL_CONCAT, Map.of("pool", 65_536, "shuffle", 65_536),
                        Fusions.DEFORMABLE, Map.of("points", Integer.MAX_VALUE),
                        Fusions.SVA, Map.of("grid", 100_000))
                .entrySet()) {
            assertThatThrownBy(() -> new FusionChoice(large.getKey(), large.getValue()))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("from 1 to 256");
        }
        assertThat(new FusionChoice(Fusions.SVA, Map.of("every", 0)).size("every"))
                .isZero();
        for (var method : List.of(Fusions.LLAVA_HR, Fusions.MINI_GEMINI, Fusions.DEFORMABLE)) {
            assertThatThrownBy(() -> Fusions.make(source, Sketch.setting(List.of(Sketch.LEADER)), Sketch.small(method)))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("second expert");
        }
    }

    /// The published sizes, by the parameters that their authors' modules have.
    @Test
    void publishedSizesHaveThePublishedParameters() {
        var clip = new ExpertSpec("clip", 448, 32, 1024, 24);
        for (var size : List.of(new long[] {1536, 20_878_851}, new long[] {3072, 48_408_579})) {
            var slow = new ExpertSpec("convnext", 1024, 32, (int) size[0], 4);
            assertThat(parameters(Fusions.LLAVA_HR, clip, slow)).isEqualTo(size[1]);
        }
        for (var size : List.of(new long[] {192, 6_963_456}, new long[] {384, 12_873_216})) {
            int width = (int) size[0];
            var stages = IntStream.range(0, 4)
                    .mapToObj(i -> new ExpertSpec.Stage(256 >> i, width << i))
                    .toList();
            var fine = new ExpertSpec("convnext", 1024, 32, width << 3, 4, stages);
            assertThat(parameters(Fusions.MINI_GEMINI, clip, fine)).isEqualTo(size[1]);
        }
        for (var size : List.of(new long[] {1024, 15_765_504}, new long[] {4096, 22_056_960})) {
            var manifest = new Manifest();
            var one = new SpatialAggregator.Size(
                    (int) size[0], 1024, 1024, List.of(1, 1, 1, 4), 1, 16, SpatialAggregator.Kind.JOINT);
            var _ = new SpatialAggregator(manifest, one);
            assertThat(manifest.entries().stream()
                            .mapToLong(Manifest.Entry::elements)
                            .sum())
                    .isEqualTo(size[1]);
        }
    }

    private static long parameters(Fusions method, ExpertSpec... experts) {
        var setting = new FusionSetting(
                Arrays.asList(experts), 32, "mlp2x_gelu", new DecoderShape(4096, 32, 32, 11_008, 1e-5));
        return Fusions.make(new Manifest(), setting, new FusionChoice(method, Map.of()))
                .spec()
                .parameters();
    }
}
