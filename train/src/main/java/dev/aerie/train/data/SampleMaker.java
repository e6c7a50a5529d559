package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Picture;
import dev.aerie.image.ReadOptions;
import dev.aerie.nn.HeaderSource;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labelled;
import dev.aerie.text.Labels;
import dev.aerie.text.Message;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Makes samples of records. Safe for use by several threads.
///
/// @param viewing   how pictures are shown, and how many positions they take
/// @param maxLength the longest row in positions, the picture's included; what is longer is cut at its end
/// @param reading   limits for pictures
/// @param budget    that they are decoded within, together with those of makers that come of this one
public record SampleMaker(
        Tokenizer tokenizer,
        Template template,
        Viewing viewing,
        RowForm form,
        int maxLength,
        ReadOptions reading,
        DecodeBudget budget) {

    /// A question that shares nothing with others but what stands before them.
    private static final String OTHER_QUESTION = "?";

    public SampleMaker {
        if (maxLength < 1 || viewing.wholeTokens() < 1) {
            throw new AerieException("cannot make samples of " + maxLength + " positions with pictures of "
                    + viewing.wholeTokens() + ": both must be at least 1");
        }
    }

    /// A maker with the default limits for pictures.
    public SampleMaker(Tokenizer tokenizer, Template template, Viewing viewing, RowForm form, int maxLength) {
        this(tokenizer, template, viewing, form, maxLength, ReadOptions.DEFAULT, new DecodeBudget());
    }

    /// A maker as a checkpoint wants it: its tokenizer, picture size, visual tokens and trained length. A language
    /// model without a tower is given Eagle's pictures: 1,024 tokens, 1,024 pixels wide. Only headers of weights
    /// are opened.
    ///
    /// @param template the one that the vocabulary was made for, if empty
    public static SampleMaker of(Path checkpoint, Optional<Template> template, RowForm form) {
        var config = EagleConfig.open(checkpoint);
        var tokenizer = Tokenizer.open(checkpoint);
        try (var weights = Checkpoint.open(checkpoint)) {
            var viewing = EagleModel.of(new HeaderSource(weights), config, EagleModel.CLIP_INPUT)
                    .vision()
                    .map(vision -> Viewing.of(vision, config.aspect()))
                    .orElseGet(() -> Viewing.eagle(config.aspect()));
            return new SampleMaker(
                    tokenizer, template.orElseGet(() -> Template.guess(tokenizer)), viewing, form, config.maxLength());
        }
    }

    /// The same with another longest row.
    public SampleMaker withMaxLength(int other) {
        return new SampleMaker(tokenizer, template, viewing, form, other, reading, budget);
    }

    public SampleMaker with(Template other) {
        return new SampleMaker(tokenizer, other, viewing, form, maxLength, reading, budget);
    }

    public SampleMaker with(RowForm other) {
        return new SampleMaker(tokenizer, template, viewing, other, maxLength, reading, budget);
    }

    /// A record written down.
    ///
    /// @param picture decoded
    /// @param tokens  that a picture becomes
    public record Written(Row row, Optional<Picture> picture, int tokens) {

        /// Positions that the row takes, its picture's included.
        public int positions() {
            return row.positions(tokens);
        }
    }

    /// The same with another budget.
    SampleMaker within(DecodeBudget other) {
        return new SampleMaker(tokenizer, template, viewing, form, maxLength, reading, other);
    }

    /// The sample of a record, with its picture read, decoded and resized.
    ///
    /// @throws RecordException if the record is flawed
    public Sample make(Record record, PictureStore pictures) {
        return write(record, pictures, written -> {
            var row = written.row();
            return new Sample(
                    record.id(),
                    row.ids(),
                    row.labels(),
                    row.turns(),
                    written.picture().map(viewing::show));
        });
    }

    /// The same with its picture read and decoded only.
    ///
    /// @throws RecordException if the record is flawed
    public Written write(Record record, PictureStore pictures) {
        return write(record, pictures, written -> written);
    }

    /// What becomes of a record that is written down. Its decoded picture has room only as long as this
    /// takes.
    ///
    /// @param use makes something that does not hold the decoded picture
    /// @throws RecordException if the record is flawed
    public <T> T write(Record record, PictureStore pictures, Function<Written, T> use) {
        boolean tiled = viewing.tiling().isPresent();
        if (record.image().isEmpty()) {
            int tokens = tiled ? 0 : viewing.wholeTokens();
            return use.apply(new Written(row(record, tokens), Optional.empty(), tokens));
        }
        var name = record.image().get();
        // how long a row with tiles is depends on the picture
        var known = tiled ? Optional.<Row>empty() : Optional.of(row(record, viewing.wholeTokens()));
        var file = pictures.read(name); // whoever waits for room must not keep others from reading
        return budget.during(file, () -> {
            var picture = picture(file, name);
            int tokens = viewing.tokens(picture);
            return use.apply(new Written(known.orElseGet(() -> row(record, tokens)), Optional.of(picture), tokens));
        });
    }

    /// Decodes a picture that can be prepared: padded to a square, or resized to the height that its
    /// width then has, it keeps within the limits.
    private Picture picture(byte[] file, String name) {
        var picture = PictureStore.decode(file, name, reading);
        if (viewing.tiling().isPresent()) {
            return picture;
        }
        var processor = viewing.processor();
        long longer = Math.max(picture.width(), picture.height());
        long shorter = Math.min(picture.width(), picture.height());
        var fits = switch (processor.aspect()) {
            case PAD -> longer == shorter || longer * longer <= reading.maxPixels();
            case SQUARE -> processor.size() * longer / shorter <= Integer.MAX_VALUE;
            case RESIZE -> true;
        };
        if (!fits) {
            throw new RecordException(
                    Flaw.PICTURE_TOO_LARGE,
                    "picture " + name + " has " + picture.width() + "x" + picture.height()
                            + " pixels and is too long for its width; crop it");
        }
        return picture;
    }

    /// The row of a record, without its picture.
    ///
    /// @param tokens that the picture becomes
    /// @throws RecordException if the record is flawed
    public Row row(Record record, int tokens) {
        Conversation.check(record);
        var hasImage = record.image().isPresent();
        var exchanges = Conversation.exchanges(record.conversation());
        return form == RowForm.CONVERSATION || exchanges.size() == 1 || template.style() == Template.Style.PLAIN
                ? single(encode(Conversation.spoken(record.conversation()), hasImage), hasImage, tokens)
                : independent(
                        exchanges.stream()
                                .map(exchange -> encode(exchange, hasImage))
                                .toList(),
                        hasImage,
                        tokens);
    }

    private Row single(Labelled whole, boolean hasImage, int tokens) {
        var length = Math.min(whole.ids().length, room(whole.ids(), hasImage, tokens));
        return row(
                Arrays.copyOf(whole.ids(), length),
                Arrays.copyOf(whole.labels(), length),
                new int[length],
                whole.ids().length - length);
    }

    /// The turns behind what they share. Turns that find no more room are left out whole; the first is cut.
    private Row independent(List<Labelled> turns, boolean hasImage, int tokens) {
        var shared = shared(turns, hasImage);
        var first = turns.getFirst();
        // a picture stands at the same place in all turns, unless an answer names a second one
        var room = turns.stream()
                .mapToInt(turn -> room(turn.ids(), hasImage, tokens))
                .min()
                .orElseThrow();
        var ids = IntStream.builder();
        var labels = IntStream.builder();
        var numbers = IntStream.builder();
        var used = 0;
        var cut = 0;
        for (var k = 0; k < turns.size(); k++) {
            var turn = turns.get(k);
            var from = k == 0 ? 0 : shared;
            var length = turn.ids().length - from;
            var taken = k == 0 ? Math.min(length, room) : used + length <= room ? length : 0;
            for (var i = from; i < from + taken; i++) {
                ids.add(turn.ids()[i]);
                labels.add(turn.labels()[i]);
                numbers.add(i < shared ? 0 : k + 1);
            }
            used += taken;
            cut += length - taken;
        }
        return row(
                ids.build().toArray(), labels.build().toArray(), numbers.build().toArray(), cut);
    }

    /// How many ids all turns begin with, the question not counted: those that a turn with another question has too.
    private int shared(List<Labelled> turns, boolean hasImage) {
        var other = encode(
                List.of(new Message(Conversation.HUMAN, OTHER_QUESTION), new Message(Conversation.GPT, OTHER_QUESTION)),
                hasImage);
        var shared = other.ids().length;
        for (var turn : turns) {
            var differ = Arrays.mismatch(other.ids(), turn.ids());
            var learned = firstLearned(turn.labels());
            // The token before the first learned one predicts it, so it belongs to the turn.
            shared = Math.min(shared, Math.min(differ < 0 ? learned - 1 : differ, learned - 1));
        }
        return Math.max(shared, 0);
    }

    private static int firstLearned(int[] labels) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] != Labels.IGNORE)
                .findFirst()
                .orElse(labels.length);
    }

    private static Row row(int[] ids, int[] labels, int[] turns, int cut) {
        if (firstLearned(labels) == labels.length) {
            throw cut > 0
                    ? new RecordException(Flaw.TOO_LONG, "its first answer would begin behind the end of a row")
                    : new RecordException(Flaw.MISFIT, "the template leaves nothing of it to learn");
        }
        return new Row(ids, labels, turns, cut);
    }

    /// How many ids a row may have, refusing one whose picture would be cut.
    private int room(int[] ids, boolean hasImage, int tokens) {
        var slots = IntStream.range(0, ids.length)
                .filter(i -> ids[i] == ImageSlots.IMAGE)
                .toArray();
        if (slots.length > 1 || hasImage && slots.length == 0) {
            throw new RecordException(
                    Flaw.MISFIT, "it has " + slots.length + " places for its one picture: expected one");
        }
        var room = maxLength - slots.length * (tokens - 1);
        if (slots.length == 1 && slots[0] >= room) {
            throw new RecordException(
                    Flaw.TOO_LONG,
                    "its picture of " + tokens + " tokens does not end within the " + maxLength
                            + " positions of a row");
        }
        return room;
    }

    private Labelled encode(List<Message> conversation, boolean hasImage) {
        try {
            return Labels.encode(tokenizer, template, conversation, hasImage, Integer.MAX_VALUE);
        } catch (AerieException e) {
            throw new RecordException(Flaw.MISFIT, String.valueOf(e.getMessage()), e);
        }
    }

    /// This maker as a source of a mixture wants it.
    public SampleMaker of(Mixture.Source source) {
        var templated = source.template().map(this::with).orElse(this);
        return source.rows().map(templated::with).orElse(templated);
    }
}
