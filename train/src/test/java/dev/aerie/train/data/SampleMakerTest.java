package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.text.Message;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleMakerTest {

    private static final Path TOKENIZERS = Path.of("../core/src/test/resources/golden/text");
    private static final int VISUAL = 16;

    @ParameterizedTest
    @CsvSource({
        "sentencepiece-new, v1",
        "sentencepiece-legacy, v1_mmtag",
        "bpe-llama3, llama3",
        "sentencepiece-chatml, mpt"
    })
    void aTurnIsWhatASingleQuestionWouldBe(String tokenizer, String template) {
        var maker = maker(tokenizer, template, 10_000).with(RowForm.INDEPENDENT_TURNS);
        var single = maker.with(RowForm.CONVERSATION);
        var random = new Random(4);
        for (var round = 0; round < 60; round++) {
            var hasImage = random.nextBoolean();
            var exchanges = Stream.generate(() -> List.of(words(random), words(random)))
                    .limit(2 + random.nextInt(4))
                    .toList();
            var record = record(hasImage, exchanges);
            var row = maker.row(record, VISUAL);
            var prefix = positions(row, 0);
            assertThat(row.cut()).isZero();
            for (var k = 1; k <= exchanges.size(); k++) {
                var alone = single.row(record(hasImage, List.of(exchanges.get(k - 1))), VISUAL);
                var turn = Stream.of(prefix, positions(row, k))
                        .flatMapToInt(Arrays::stream)
                        .toArray();
                assertThat(picked(row.ids(), turn)).isEqualTo(alone.ids());
                assertThat(picked(row.labels(), turn)).isEqualTo(alone.labels());
            }
            assertThat(picked(row.labels(), prefix)).containsOnly(Labels.IGNORE);
            if (hasImage) {
                assertThat(picked(row.ids(), prefix)).contains(ImageSlots.IMAGE);
            }
            // The shared part and the first tokens of turns, which what stands before them must not be asked to
            // predict.
            assertThat(IntStream.range(1, row.ids().length)
                            .filter(i -> row.turns()[i] != row.turns()[i - 1])
                            .map(i -> row.labels()[i]))
                    .containsOnly(Labels.IGNORE);
        }
    }

    @Test
    void whatPrecedesTheFirstQuestionIsShared() {
        var record = record(false, List.of(List.of("What?", "This."), List.of("Why?", "So.")));
        var row = maker("sentencepiece-new", "v1", 999)
                .with(RowForm.INDEPENDENT_TURNS)
                .row(record, VISUAL);
        var tokenizer = Tokenizer.open(TOKENIZERS.resolve("sentencepiece-new"));
        assertThat(tokenizer.decode(picked(row.ids(), positions(row, 0)), true)).endsWith("USER: ");
    }

    @Test
    void aMissingMarkerIsPutFirst() {
        var maker = maker("sentencepiece-new", "v1", 999);
        var with = maker.row(record(true, List.of(List.of("<image>\nWhat?", "This."))), VISUAL);
        var without = maker.row(record(true, List.of(List.of("What?", "This."))), VISUAL);
        assertThat(without.ids()).isEqualTo(with.ids()).contains(ImageSlots.IMAGE);
    }

    @Test
    void rowsAreCutAtTheirEndAndSayHowMuch() {
        var record = record(true, List.of(List.of("What is this?", "This is a long answer of many words.")));
        var whole = maker("sentencepiece-new", "v1", 999).row(record, VISUAL);
        var positions = whole.ids().length + VISUAL - 1;
        assertThat(maker("sentencepiece-new", "v1", positions)
                        .row(record, VISUAL)
                        .cut())
                .isZero();
        var cut = maker("sentencepiece-new", "v1", positions - 3).row(record, VISUAL);
        assertThat(cut.cut()).isEqualTo(3);
        assertThat(cut.ids()).isEqualTo(Arrays.copyOf(whole.ids(), whole.ids().length - 3));
        assertThat(cut.labels()).hasSameSizeAs(cut.ids()).isEqualTo(Arrays.copyOf(whole.labels(), cut.ids().length));
    }

    /// At every limit a sample has its whole picture and something to learn, or is refused as too long.
    @Test
    void noLimitCutsAPictureOrAllAnswers() {
        var record = record(true, List.of(List.of("What is this?", "A cat."), List.of("Where is it?", "At home.")));
        for (var form : RowForm.values()) {
            var refused = 0;
            for (var limit = 1; limit < 400; limit++) {
                var maker = maker("sentencepiece-new", "v1", limit).with(form);
                try {
                    var row = maker.row(record, VISUAL);
                    assertThat(row.ids().length + VISUAL - 1).isLessThanOrEqualTo(limit);
                    assertThat(row.ids()).containsOnlyOnce(ImageSlots.IMAGE);
                    assertThat(IntStream.of(row.labels())).anyMatch(label -> label != Labels.IGNORE);
                } catch (RecordException e) {
                    assertThat(e.flaw()).isEqualTo(Flaw.TOO_LONG);
                    refused++;
                }
            }
            assertThat(refused).isBetween(VISUAL, 390);
        }
    }

    /// As in a conversation: the reference makes a place for a picture of every marker.
    @Test
    void aSecondPlaceInALaterAnswerIsRefused() {
        var record = record(true, List.of(List.of("What?", "This."), List.of("Why?", "Because of <image>")));
        for (var form : RowForm.values()) {
            var maker = maker("sentencepiece-new", "v1", 999).with(form);
            assertThatThrownBy(() -> maker.row(record, VISUAL))
                    .isInstanceOfSatisfying(
                            RecordException.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.MISFIT));
        }
    }

    @Test
    void turnsWithoutRoomAreLeftOutWhole() {
        var record = record(
                true,
                List.of(
                        List.of("What is this?", "A cat."),
                        List.of("And what is this here on the other side of the picture?", "A dog with a long tail."),
                        List.of("This?", "Me.")));
        var whole = maker("sentencepiece-new", "v1", 999)
                .with(RowForm.INDEPENDENT_TURNS)
                .row(record, VISUAL);
        var limit = whole.ids().length + VISUAL - 2;
        var row = maker("sentencepiece-new", "v1", limit)
                .with(RowForm.INDEPENDENT_TURNS)
                .row(record, VISUAL);
        assertThat(row.cut()).isEqualTo(positions(whole, 3).length);
        assertThat(positions(row, 2)).isEqualTo(positions(whole, 2));
        assertThat(row.turns()).doesNotContain(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NO_ANSWER | ",
                "NO_ANSWER | human=What?",
                "NO_ANSWER | gpt=This.",
                "UNKNOWN_ROLE | human=What?;bot=This.",
                "UNKNOWN_ROLE | system=Be good.;human=What?;gpt=This.",
                "ROLE_ORDER | human=What?;human=Where?;gpt=This.",
                "ROLE_ORDER | human=What?;gpt=This.;gpt=That.",
                "EMPTY_ANSWER | human=What?;gpt=This.;human=Why?;gpt= ",
                "STRAY_MARKER | human=<image> What?;gpt=This.",
            })
    void flawsAreTold(Flaw flaw, String conversation) {
        var messages = Stream.of(conversation == null ? new String[0] : conversation.split(";"))
                .map(message -> message.split("=", 2))
                .map(parts -> new Message(parts[0], parts[1]))
                .toList();
        var record = new Record("x", Optional.empty(), messages);
        assertThat(flaw(maker("sentencepiece-new", "v1", 999), record)).isEqualTo(flaw);
    }

    @Test
    void whatTheTemplateOrThePictureDoesNotFitIsAMisfit() {
        var twoRounds = record(true, List.of(List.of("<image>", "a"), List.of("b", "c")));
        assertThat(flaw(maker("sentencepiece-new", "plain", 999), twoRounds)).isEqualTo(Flaw.MISFIT);
        var twoMarkers = record(true, List.of(List.of("<image>", "a"), List.of("<image>", "c")));
        assertThat(flaw(maker("sentencepiece-new", "v1", 999), twoMarkers)).isEqualTo(Flaw.MISFIT);
    }

    /// A picture within the limits may need more than they allow once it is padded or resized.
    @ParameterizedTest
    @CsvSource({"20000, PAD, true", "10000, PAD, false", "20000, SQUARE, false", "3000000, SQUARE, true"})
    void aPictureTooLongForItsWidthIsTooLarge(int width, Aspect aspect, boolean tooLarge) {
        var bytes = ("P5 " + width + " 1 255\n" + "x".repeat(width)).getBytes(StandardCharsets.US_ASCII);
        var maker = new SampleMaker(
                Tokenizer.open(TOKENIZERS.resolve("sentencepiece-new")),
                Template.named("v1"),
                new Viewing(ImageProcessor.clip(1024, aspect), VISUAL),
                RowForm.CONVERSATION,
                999);
        var error = catchThrowableOfType(
                RecordException.class, () -> maker.write(record(true, List.of(List.of("What?", "This."))), _ -> bytes));
        assertThat(Optional.ofNullable(error).map(RecordException::flaw))
                .isEqualTo(tooLarge ? Optional.of(Flaw.PICTURE_TOO_LARGE) : Optional.empty());
    }

    @Test
    void anAnswerNobodyAskedForIsDroppedAndAQuestionMayStayOpen() {
        var messages = List.of(
                new Message("gpt", "Hello."),
                new Message("human", "What?"),
                new Message("gpt", "This."),
                new Message("human", "And?"));
        var record = new Record("x", Optional.empty(), messages);
        var maker = maker("sentencepiece-new", "v1", 999);
        assertThat(IntStream.of(maker.row(record, VISUAL).labels())).anyMatch(label -> label != Labels.IGNORE);
        assertThat(maker.with(RowForm.INDEPENDENT_TURNS).row(record, VISUAL).turns())
                .containsOnly(0);
    }

    private static SampleMaker maker(String tokenizer, String template, int maxLength) {
        return new SampleMaker(
                Tokenizer.open(TOKENIZERS.resolve(tokenizer)),
                Template.named(template),
                new Viewing(ImageProcessor.clip(8, Aspect.PAD), VISUAL),
                RowForm.CONVERSATION,
                maxLength);
    }

    private static Record record(boolean hasImage, List<List<String>> exchanges) {
        var messages = new ArrayList<Message>();
        for (var exchange : exchanges) {
            messages.add(new Message("human", exchange.getFirst()));
            messages.add(new Message("gpt", exchange.getLast()));
        }
        return new Record("x", hasImage ? Optional.of("x.png") : Optional.empty(), messages);
    }

    private static Flaw flaw(SampleMaker maker, Record record) {
        return catchThrowableOfType(RecordException.class, () -> maker.row(record, VISUAL))
                .flaw();
    }

    private static String words(Random random) {
        var words = List.of("What", "is", "this", "?", "A", "cat", "12", "é", "\n", "in the", "picture.");
        return "w"
                + Stream.generate(() -> words.get(random.nextInt(words.size())))
                        .limit(1 + random.nextInt(5))
                        .reduce("", (one, other) -> one + " " + other);
    }

    private static int[] positions(Row row, int turn) {
        return IntStream.range(0, row.turns().length)
                .filter(i -> row.turns()[i] == turn)
                .toArray();
    }

    private static int[] picked(int[] values, int[] at) {
        return IntStream.of(at).map(i -> values[i]).toArray();
    }
}
