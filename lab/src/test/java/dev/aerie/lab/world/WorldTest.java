package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.image.Box;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {

    private static final int MANY = 3000;

    private static final List<Drawing> DRAWINGS =
            Series.of(Split.VALIDATION, 11).drawings().limit(MANY).toList();

    @Test
    void everyAnswerCanBeSeen() {
        for (var drawing : DRAWINGS) {
            var observer = new Observer(drawing);
            for (var question : drawing.questions()) {
                assertThat(observer.answer(question))
                        .as("%s %s: %s", drawing.seed(), drawing.caption(), question)
                        .isEqualTo(question.answer());
            }
        }
    }

    @Test
    void questionsAreAskedOnceAndHaveOneAnswer() {
        for (var drawing : DRAWINGS) {
            assertThat(drawing.questions()).hasSizeBetween(4, 20);
            assertThat(drawing.questions()).extracting(Question::text).doesNotHaveDuplicates();
        }
        var mean = DRAWINGS.stream()
                .mapToInt(drawing -> drawing.questions().size())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(8.0, 12.0);
    }

    /// A blind guess of yes or no is right half of the time, in every family.
    @Test
    void yesIsAsFrequentAsNo() {
        var yes = new EnumMap<Family, Integer>(Family.class);
        var all = new EnumMap<Family, Integer>(Family.class);
        for (var drawing : DRAWINGS) {
            for (var question : drawing.questions()) {
                if (List.of("yes", "no").contains(question.answer())) {
                    all.merge(question.family(), 1, Integer::sum);
                    yes.merge(question.family(), question.answer().equals("yes") ? 1 : 0, Integer::sum);
                }
            }
        }
        assertThat(all.keySet())
                .containsExactlyInAnyOrder(Family.GQA, Family.POPE, Family.CHART, Family.DOC, Family.DIAG, Family.MATH);
        all.forEach((family, count) -> assertThat((double) yes.getOrDefault(family, 0) / count)
                .as("%s", family)
                .isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(count))));
    }

    @Test
    void kindsHaveTheirShares() {
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        var count = 20_000;
        Series.of(Split.TRAINING, 0)
                .seeds()
                .limit(count)
                .forEach(seed -> counts.merge(World.kind(seed), 1, Integer::sum));
        var shares = 0.0;
        for (var kind : Kind.values()) {
            shares += kind.share();
            var deviation = Math.sqrt(kind.share() * (1 - kind.share()) / count);
            assertThat((double) counts.getOrDefault(kind, 0) / count)
                    .as(kind.label())
                    .isCloseTo(kind.share(), within(4 * deviation));
        }
        assertThat(shares).isCloseTo(1, within(1e-9));
    }

    @Test
    void everyFamilyIsAsked() {
        var families = new EnumMap<Family, Integer>(Family.class);
        DRAWINGS.forEach(
                drawing -> drawing.questions().forEach(question -> families.merge(question.family(), 1, Integer::sum)));
        for (var family : Family.values()) {
            assertThat(families.getOrDefault(family, 0)).as(family.label()).isGreaterThan(MANY / 5);
        }
    }

    @Test
    void everythingIsInsideThePicture() {
        for (var drawing : DRAWINGS) {
            for (var object : drawing.objects()) {
                assertThat(object.box().fits(World.SIDE, World.SIDE))
                        .as("%s of %s", object, drawing.seed())
                        .isTrue();
            }
            for (var character : drawing.characters()) {
                assertThat(character.x()).isBetween(3.5, World.SIDE - 3.5);
                assertThat(character.y()).isBetween(5.0, World.SIDE - 5.0);
            }
        }
    }

    @Test
    void nothingHidesAnother() {
        for (var drawing : DRAWINGS) {
            var objects = drawing.objects();
            for (var i = 0; i < objects.size(); i++) {
                for (var j = 0; j < i; j++) {
                    var slices = objects.get(i).category() == Category.SLICE;
                    assertThat(slices
                                    || areApart(
                                            objects.get(i).box(), objects.get(j).box()))
                            .as("%s and %s of %s", objects.get(i), objects.get(j), drawing.seed())
                            .isTrue();
                }
            }
        }
    }

    private static boolean areApart(Box a, Box b) {
        return a.left() + a.width() <= b.left()
                || b.left() + b.width() <= a.left()
                || a.top() + a.height() <= b.top()
                || b.top() + b.height() <= a.top();
    }

    /// The smallest box around the pixels of every object is the box that its record has.
    @Test
    void instancesLieInTheirBoxes() {
        for (var drawing : DRAWINGS) {
            var map = drawing.instances();
            var pixels = new int[drawing.objects().size() + 1];
            for (var y = 0; y < map.side(); y++) {
                for (var x = 0; x < map.side(); x++) {
                    var id = map.at(x, y);
                    pixels[id]++;
                    if (id > 0) {
                        assertThat(isInside(x, y, drawing.objects().get(id - 1).box()))
                                .isTrue();
                    }
                }
            }
            for (var i = 1; i < pixels.length; i++) {
                assertThat(pixels[i])
                        .as("pixels of object %d of %d", i, drawing.seed())
                        .isGreaterThan(15);
            }
        }
    }

    private static boolean isInside(int x, int y, Box box) {
        return x >= box.left() && x < box.left() + box.width() && y >= box.top() && y < box.top() + box.height();
    }

    @Test
    void chartsAndFiguresAreDrawnToScale() {
        for (var drawing : DRAWINGS) {
            for (var thing : new Observer(drawing).things()) {
                var box = thing.object().box();
                switch (thing.object().category()) {
                    case BAR -> assertThat(box.height() / 1.33).isCloseTo(thing.number(), within(1.2));
                    case SLICE -> {
                        var id = new Observer(drawing).things().indexOf(thing) + 1;
                        var area = IntStream.range(0, World.SIDE * World.SIDE)
                                .filter(at -> drawing.instances().ids()[at] == id)
                                .count();
                        assertThat(100 * area / (Math.PI * 38 * 38)).isCloseTo(thing.number(), within(1.5));
                    }
                    case RECTANGLE, RIGHT_TRIANGLE -> {
                        assertThat(box.width() / 8.0).isCloseTo(Integer.parseInt(thing.text()), within(0.2));
                        assertThat(box.height() / 8.0).isCloseTo(thing.number(), within(0.2));
                    }
                    default -> {}
                }
            }
        }
    }

    /// What is drawn has the colour that it is said to have: no other is nearer to its most frequent colours.
    @Test
    void coloursAreWhatTheyAreCalled() {
        for (var a : Colour.values()) {
            for (var b : Colour.values()) {
                var distance = Math.max(
                        Math.abs(Rgb.red(a.rgb()) - Rgb.red(b.rgb())),
                        Math.max(
                                Math.abs(Rgb.green(a.rgb()) - Rgb.green(b.rgb())),
                                Math.abs(Rgb.blue(a.rgb()) - Rgb.blue(b.rgb()))));
                assertThat(a == b || distance > 2 * Colour.JITTER)
                        .as("%s and %s", a, b)
                        .isTrue();
            }
        }
        DRAWINGS.stream().filter(drawing -> drawing.kind() == Kind.SCENE).forEach(WorldTest::checkColours);
    }

    private static void checkColours(Drawing drawing) {
        var rgb = drawing.picture().rgb();
        for (var i = 0; i < drawing.objects().size(); i++) {
            var votes = new HashMap<Colour, Integer>();
            for (var at = 0; at < World.SIDE * World.SIDE; at++) {
                if (drawing.instances().ids()[at] == i + 1) {
                    votes.merge(
                            nearest(rgb[3 * at] & 0xFF, rgb[3 * at + 1] & 0xFF, rgb[3 * at + 2] & 0xFF),
                            1,
                            Integer::sum);
                }
            }
            var elected = votes.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            assertThat(elected)
                    .as("%s of %d", drawing.objects().get(i), drawing.seed())
                    .isEqualTo(drawing.objects().get(i).colour());
        }
    }

    private static Colour nearest(int red, int green, int blue) {
        return Arrays.stream(Colour.values())
                .min(Comparator.comparing(colour -> Math.pow(Rgb.red(colour.rgb()) - red, 2)
                        + Math.pow(Rgb.green(colour.rgb()) - green, 2)
                        + Math.pow(Rgb.blue(colour.rgb()) - blue, 2)))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aKindCanBeAskedFor(Kind kind) {
        var drawing = World.draw(7, kind);
        assertThat(drawing.kind()).isEqualTo(kind);
        assertThat(new Series(Split.SCORING, 3, Set.of(kind)).drawings().limit(5))
                .extracting(Drawing::kind)
                .containsOnly(kind);
        var seed =
                new Series(Split.SCORING, 3, Set.of(kind)).seeds().findFirst().orElseThrow();
        assertThat(World.draw(seed, kind)).isEqualTo(World.draw(seed));
    }

    /// The world is the same on every JDK and machine, and tomorrow. Whoever changes it on purpose changes these.
    @Test
    void theSameSeedGivesTheSameBytes() {
        var sums = LongStream.of(0, 1, Split.SCORING.seed(5, 17))
                .mapToObj(seed -> digest(World.draw(seed)))
                .toList();
        assertThat(sums)
                .containsExactly("64581f48d79bb022-72dedd7a", "e69deac3d7ede9a3-d773a911", "423c3a711045544f-11cdc47b");
        var whole = new CRC32();
        DRAWINGS.forEach(drawing -> whole.update(digest(drawing).getBytes(StandardCharsets.UTF_8)));
        assertThat(whole.getValue()).isEqualTo(2_111_589_177L);
    }

    private static String digest(Drawing drawing) {
        var text = drawing.caption() + drawing.questions() + drawing.objects() + drawing.characters();
        var sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        sum.update(drawing.instances().ids());
        return drawing.picture().sha256().substring(0, 16) + "-" + Long.toHexString(sum.getValue());
    }

    @Test
    void differentSeedsGiveDifferentPictures() {
        var pictures = new HashSet<String>();
        DRAWINGS.forEach(drawing -> pictures.add(drawing.picture().sha256()));
        assertThat(pictures).hasSize(MANY);
    }

    @Test
    void noSeedIsOfTwoSplits() {
        var runs = new long[] {0, 1, Split.RUNS / 2, Split.RUNS - 1};
        var indices = new long[] {0, 1, 12_345, Split.PICTURES / 2, Split.PICTURES - 1};
        var seeds = new HashSet<Long>();
        for (var split : Split.values()) {
            for (var run : runs) {
                for (var index : indices) {
                    var seed = split.seed(run, index);
                    assertThat(seeds.add(seed)).isTrue();
                    // The parts can be read back, so that no two triples have one seed.
                    assertThat(Split.of(seed)).isEqualTo(split);
                    assertThat(seed / Split.PICTURES % Split.RUNS).isEqualTo(run);
                    assertThat(seed % Split.PICTURES).isEqualTo(index);
                }
            }
            assertThat(split.seed(Split.RUNS - 1, Split.PICTURES - 1)).isPositive();
        }
        assertThatThrownBy(() -> Split.of(-1)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Split.SCORING.seed(Split.RUNS, 0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("16777215");
        assertThatThrownBy(() -> Split.SCORING.seed(0, -1)).isInstanceOf(AerieException.class);
    }

    @Test
    void answersAreComparedAsAUserReadsThem() {
        var question = new Question(Family.TEXT, "what does the sign say?", "unow");
        assertThat(question.isAnsweredBy(" Unow.\n")).isTrue();
        assertThat(question.isAnsweredBy("u now")).isFalse();
        assertThat(question.isAnsweredBy("")).isFalse();
    }
}
