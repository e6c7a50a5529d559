package dev.aerie.fabricate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Inspection;
import dev.aerie.eagle.Mixture;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Question;
import dev.aerie.image.Aspect;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.tensor.DType;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FabricationTest {

    private static final int VOCABULARY = 700;
    private static final long PLENTY = 5_000_000_000L;

    @TempDir
    private Path parent = Path.of("");

    @Test
    void aLanguageModelAnswers() {
        for (var dtype : List.of(DType.BF16, DType.F16, DType.F32)) {
            var folder = parent.resolve(dtype.name());
            new Fabrication(config(VOCABULARY, 2), dtype, 7, PLENTY).writeTo(folder, Progress.SILENT);
            var inspection = Inspection.of(folder);
            assertThat(inspection.misfits()).isEmpty();
            assertThat(inspection.unexpected()).isEmpty();
            assertThat(inspection.types()).containsOnlyKeys(dtype);
            try (var eagle = Eagle.open(folder)) {
                assertThat(eagle.config()).isEqualTo(config(VOCABULARY, 2));
                var how = AnswerOptions.DEFAULT.withMaxTokens(5).ignoringEnd();
                var answer = eagle.ask(new Question("Hello?", List.of()), how, AnswerListener.NONE);
                assertThat(answer.ids()).hasSize(5);
                for (float logprob : answer.logprobs()) {
                    assertThat(logprob).isFinite().isNegative();
                }
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        var one = written(1, "one");
        assertThat(written(1, "again")).isEqualTo(one);
        assertThat(written(2, "other")).isNotEqualTo(one);
    }

    private byte[] written(long seed, String name) throws IOException {
        var folder = parent.resolve(name);
        new Fabrication(config(VOCABULARY, 2), DType.BF16, seed, PLENTY).writeTo(folder, Progress.SILENT);
        return Files.readAllBytes(folder.resolve("model.safetensors"));
    }

    @Test
    void largeModelsAreSharded() {
        var fabrication = new Fabrication(config(VOCABULARY, 2), DType.F32, 0, 200_000);
        var last = new int[2];
        fabrication.writeTo(parent.resolve("sharded"), (_, done, total) -> {
            assertThat(done).isGreaterThanOrEqualTo(last[0]);
            last[0] = done;
            last[1] = total;
        });
        var inspection = Inspection.of(parent.resolve("sharded"));
        assertThat(inspection.fileBytes().size()).isGreaterThan(1);
        assertThat(inspection.types().get(DType.F32))
                .isEqualTo(new Inspection.Amount(fabrication.manifest().size(), fabrication.bytes()));
        assertThat(last[0]).isEqualTo(last[1]);
    }

    @Test
    void longContextsAreWrittenDown() throws IOException {
        for (var scaling : List.of(
                new Rope.Scaling.Linear(2), new Rope.Scaling.Dynamic(4, 128), new Rope.Scaling.Llama3(8, 1, 4, 256))) {
            var folder = Files.createTempDirectory(parent, "rope");
            var config = config(VOCABULARY, 2, new Rope(32, 10_000, scaling));
            new Fabrication(config, DType.BF16, 0, PLENTY).writeTo(folder, Progress.SILENT);
            assertThat(EagleConfig.open(folder)).isEqualTo(config);
        }
    }

    @Test
    void vicunasTokenizerWorks() throws IOException {
        var tokenizer = tokenizer(VOCABULARY, 2);
        assertThat(tokenizer.size()).isEqualTo(VOCABULARY);
        assertThat(tokenizer.bos()).hasValue(1);
        assertThat(tokenizer.eos()).hasValue(2);
        assertThat(Template.guess(tokenizer).name()).isEqualTo("vicuna_v1");
        roundTrip(tokenizer);
        assertThat(tokenizer.encode("babi")).hasSize(2); // BOS and one word
    }

    @Test
    void yisTokenizerWorks() throws IOException {
        var tokenizer = tokenizer(VOCABULARY, 7);
        assertThat(tokenizer.size()).isEqualTo(VOCABULARY);
        assertThat(tokenizer.eos()).hasValue(7);
        assertThat(tokenizer.id("<|im_start|>")).hasValue(6);
        assertThat(Template.guess(tokenizer).name()).isEqualTo("yi_34b_chatml_direct");
        roundTrip(tokenizer);
    }

    @Test
    void llamas3TokenizerWorks() throws IOException {
        var tokenizer = tokenizer(128_257, 128_009);
        assertThat(tokenizer.size()).isEqualTo(128_257);
        assertThat(tokenizer.bos()).hasValue(128_000);
        assertThat(tokenizer.eos()).hasValue(128_009);
        assertThat(tokenizer.id("<|start_header_id|>")).hasValue(128_006);
        assertThat(tokenizer.id("<|end_header_id|>")).hasValue(128_007);
        assertThat(tokenizer.id("<|reserved_special_token_250|>")).hasValue(128_255);
        assertThat(tokenizer.id("<pad>")).hasValue(128_256);
        assertThat(Template.guess(tokenizer).name()).isEqualTo("llama3");
        roundTrip(tokenizer);
    }

    private static void roundTrip(Tokenizer tokenizer) {
        for (var text : List.of("What is 3 + 4?", "Füße, 猫 and\nbabeki", "two  spaces")) {
            var ids = tokenizer.encode(text);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }

    private Tokenizer tokenizer(int size, int end) throws IOException {
        VocabularyKind.of(config(size, end)).write(size, parent);
        return Tokenizer.open(parent);
    }

    @Test
    void whatWasWrittenIsRemovedOnFailure() throws IOException {
        var folder = parent.resolve("new");
        Progress failing = (_, done, _) -> {
            assertThat(folder.resolve("tokenizer.model")).exists();
            throw new AerieException("stop");
        };
        var fabrication = new Fabrication(config(VOCABULARY, 2), DType.BF16, 0, PLENTY);
        assertThatThrownBy(() -> fabrication.writeTo(folder, failing)).hasMessage("stop");
        assertThat(folder).doesNotExist();
        Files.createDirectory(folder);
        assertThatThrownBy(() -> fabrication.writeTo(folder, failing)).hasMessage("stop");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        var mine = Files.writeString(parent.resolve("mine.txt"), "mine");
        var fabrication = new Fabrication(config(VOCABULARY, 2), DType.BF16, 0, PLENTY);
        refused(() -> fabrication.writeTo(parent, Progress.SILENT), "not empty");
        refused(() -> fabrication.writeTo(mine, Progress.SILENT), "no folder");
        assertThat(mine).hasContent("mine");
        assertThat(parent).isDirectoryNotContaining(file -> !file.equals(mine));
    }

    @Test
    void theDiskMustHaveRoom() {
        var vast = new LlamaConfig(
                1 << 20,
                1,
                2,
                1,
                1 << 19,
                1 << 24,
                VOCABULARY,
                1e-5,
                new Rope(1 << 19, 10_000, Rope.Scaling.NONE),
                2048,
                false,
                false,
                false);
        var config = new EagleConfig(
                "LlamaForCausalLM", vast, "", Mixture.Shape.PUBLISHED, "linear", Aspect.PAD, Set.of(2), 2048);
        var fabrication = new Fabrication(config, DType.F32, 0, PLENTY);
        refused(() -> fabrication.writeTo(parent.resolve("vast"), Progress.SILENT), "are free");
        assertThat(parent.resolve("vast")).doesNotExist();
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        refused(() -> new Fabrication(config(VOCABULARY, 2), DType.F64, 0, PLENTY), "expected BF16, F16 or F32");
        refused(() -> new Fabrication(config(VOCABULARY, 2), DType.BF16, 0, 0), "expected a size");
        refused(() -> make(config(VOCABULARY, 99)), "128009 (Llama 3)");
        refused(() -> make(config(100, 2)), "at least");
        refused(() -> make(config(VOCABULARY, 128_009)), "128257");
    }

    private void make(EagleConfig config) {
        new Fabrication(config, DType.BF16, 0, PLENTY).writeTo(parent.resolve("x"), Progress.SILENT);
    }

    private static void refused(Runnable work, String message) {
        assertThatThrownBy(work::run).isInstanceOf(AerieException.class).hasMessageContaining(message);
    }

    private static EagleConfig config(int vocabulary, int end) {
        return config(vocabulary, end, new Rope(32, 10_000, Rope.Scaling.NONE));
    }

    private static EagleConfig config(int vocabulary, int end, Rope rope) {
        var language = new LlamaConfig(64, 2, 2, 1, 32, 96, vocabulary, 1e-5, rope, 512, false, false, false);
        return new EagleConfig(
                "EagleLlamaForCausalLM",
                language,
                "",
                Mixture.Shape.PUBLISHED,
                "linear",
                Aspect.SQUARE,
                Set.of(end),
                256);
    }
}
