package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

    @TempDir
    Path folder;

    /// A run of one parameter of four numbers.
    private record Small(Initial origin, Parameters parameters, Optimiser optimiser) implements AutoCloseable {

        static Small make() {
            var origin = new Initial();
            var parameters = new Parameters(origin, _ -> true, DType.F32);
            parameters.parameter("w", 4);
            return new Small(origin, parameters, new Optimiser(parameters, new Optimiser.Settings(0.9, 0.99, 1e-8, 0)));
        }

        Tensor weight() {
            return parameters.learned().iterator().next().master().detach();
        }

        void set(double value) {
            try (var _ = TensorScope.open()) {
                weight().copyInPlace(Tensor.full(value, DType.F32, 4));
            }
        }

        void save(Snapshots snapshots, long step, Optional<Snapshots.Best> best) {
            set(step);
            snapshots.save(new Snapshots.State(step, step, best, Map.of()), parameters, optimiser, Optional.empty());
        }

        long restore(Snapshots snapshots) {
            set(-1);
            return snapshots
                    .restore(parameters, optimiser, Optional.empty())
                    .orElse(Snapshots.State.START)
                    .step();
        }

        @Override
        public void close() {
            optimiser.close();
            parameters.close();
            origin.close();
        }
    }

    private List<String> names() throws IOException {
        return names(folder);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static final Snapshots.Writer FULL = (file, tensors) -> {
        var some = new ArrayList<>(tensors);
        some.add(new TensorSource("last", DType.U8, new long[] {100}, out -> {
            out.write(ByteBuffer.allocate(50));
            throw new IOException("No space left on device");
        }));
        SafetensorsWriter.write(file, some, Map.of());
    };

    private static final Snapshots.Writer VAST = (file, tensors) -> {
        var some = new ArrayList<>(tensors);
        some.add(new TensorSource("vast", DType.U8, new long[] {1L << 60}, _ -> {
            throw new IllegalStateException("written although it does not fit");
        }));
        SafetensorsWriter.write(file, some, Map.of());
    };

    @Test
    void aFullDiskLeavesTheOneBefore() throws IOException {
        for (var writer : List.of(FULL, VAST)) {
            var place = folder.resolve(writer == FULL ? "full" : "vast");
            try (var run = Small.make()) {
                run.save(new Snapshots(place, 1), 1, Optional.empty());
                assertThatThrownBy(() -> run.save(new Snapshots(place, 1, true, writer), 2, Optional.empty()))
                        .isInstanceOf(AerieException.class)
                        .hasMessageMatching("cannot keep step 2 in .*: cannot write .*weights.safetensors: .*"
                                + "it takes [\\d,]+ bytes and [\\d,]+ are free; .*; earlier steps are as they were.*");
                assertThat(names(place)).containsExactly("step-00000001");
                assertThat(run.restore(new Snapshots(place, 1))).isEqualTo(1);
                assertThat(run.weight().toFloats()).containsOnly(1);
                run.save(new Snapshots(place, 1), 2, Optional.empty());
                assertThat(names(place)).containsExactly("step-00000002");
                assertThat(run.restore(new Snapshots(place, 1))).isEqualTo(2);
            }
        }
    }

    @Test
    void theBestStaysBesideTheLast() throws IOException {
        try (var run = Small.make()) {
            var best = Optional.of(new Snapshots.Best(-0.5, 2));
            run.save(new Snapshots(folder, 2), 1, Optional.empty());
            run.save(new Snapshots(folder, 2), 2, best);
            for (long step = 3; step < 6; step++) {
                run.save(new Snapshots(folder, 2), step, best);
            }
            assertThat(names()).containsExactly("step-00000002", "step-00000004", "step-00000005");
            run.save(new Snapshots(folder, 2, false), 6, best);
            assertThat(names()).containsExactly("step-00000005", "step-00000006");
        }
    }

    /// What a kill leaves in the middle of a write, and of a removal.
    @Test
    void leftOversAreRemovedAndNotTaken() throws IOException {
        try (var run = Small.make()) {
            run.save(new Snapshots(folder, 2), 1, Optional.empty());
            for (var name : List.of(".step-00000002.tmp", ".step-00000000.old")) {
                Files.createDirectories(folder.resolve(name));
                Files.writeString(folder.resolve(name).resolve("weights.safetensors"), "half");
            }
            assertThat(run.restore(new Snapshots(folder, 2))).isEqualTo(1);
            assertThat(names()).containsExactly("step-00000001");
        }
    }
}
