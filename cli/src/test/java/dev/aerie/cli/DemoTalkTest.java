package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.cli.show.Exhibit;
import dev.aerie.cli.show.Readers;
import dev.aerie.cli.show.Show;
import dev.aerie.eagle.Eagle;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTalkTest {

    private static final long SEED = 4;

    @TempDir
    private static Path model = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter said = new StringWriter();

    @BeforeAll
    static void make() {
        TinyEaglet.write(model);
    }

    @Test
    void invitesToWhatWasNotAskedYet() {
        talking(Show.NONE, (talk, drawing) -> {
            talk.invite();
            assertThat(taken())
                    .contains(drawing.questions().get(1).text(), World.CAPTION_REQUEST)
                    .doesNotContain(drawing.questions().getFirst().text() + "\n");
        });
    }

    @Test
    void answersOwnQuestions() {
        talking(Show.NONE, (talk, drawing) -> {
            assertThat(talk.take("what is there?")).isTrue();
            assertThat(taken()).hasLineCount(1).doesNotContain("never learned", "(right)", "(wrong");
            talk.take("  ");
            assertThat(taken()).isEmpty();
        });
    }

    /// A question whose answer is known is judged, in whatever case it is asked.
    @Test
    void saysWhetherAKnownQuestionWasAnsweredRight() {
        talking(Show.NONE, (talk, drawing) -> {
            var question = drawing.questions().getLast();
            talk.take(question.text().toUpperCase(Locale.ROOT));
            assertThat(taken()).containsAnyOf("(right)", "(wrong, it is " + question.answer() + ")");
        });
    }

    @Test
    void namesWordsThatItNeverLearned() {
        talking(Show.NONE, (talk, drawing) -> {
            for (var strange : new String[] {"elephant", "жираф", "象", "naïveté"}) {
                talk.take("is there a " + strange + " ?");
                assertThat(taken())
                        .startsWith("(words it never learned")
                        .contains(strange)
                        .hasLineCount(2);
            }
            talk.take("IS there a Red Circle at 12, k?");
            assertThat(taken()).doesNotContain("never learned");
            for (var harmless : new String[] {"<image>", "</s>", "☃ \u0007?", "?"}) {
                assertThat(talk.take(harmless)).isTrue();
                assertThat(taken()).isNotEmpty();
            }
        });
    }

    @Test
    void whatIsWrittenInThePictureIsNoUnknownWord() {
        try (var eagle = Eagle.open(model)) {
            var unknown = new UnknownWords(eagle.tokenizer());
            var caption = List.of("red box unow.");
            assertThat(unknown.in("what colour is the box that says unow? elephant!", caption))
                    .containsExactly("elephant");
            assertThat(unknown.in("unow unow", List.of())).containsExactly("unow");
        }
    }

    @Test
    void drawsAnotherPicture() {
        talking(Show.BLOCKS, (talk, drawing) -> {
            talk.take("new");
            var next = World.draw(Split.SCORING.seed(SEED, 1));
            var text = taken();
            var picture = text.substring(0, text.lastIndexOf("\033[0m\n") + 5);
            assertThat(Readers.blocks(picture)).isEqualTo(next.picture());
            assertThat(text).contains(next.questions().getFirst().text(), " of 1 right");
            talk.take("save " + folder.resolve("second.png"));
            assertThat(taken()).contains("second.png");
            assertThat(Pictures.read(folder.resolve("second.png"))).isEqualTo(next.picture());
        });
    }

    @Test
    void looksAtOwnPicturesOfAnySize() {
        var own = folder.resolve("my own.png");
        Pictures.writePng(Picture.filled(301, 40, 10, 200, 30), own);
        talking(Show.BLOCKS, (talk, drawing) -> {
            talk.take("picture '" + own + "'");
            assertThat(Readers.blocks(taken()).width()).isEqualTo(128);
            talk.take(drawing.questions().getFirst().text());
            assertThat(taken()).doesNotContain("(right)", "(wrong");
            talk.take("save " + folder.resolve("copy.png"));
            assertThat(Pictures.read(folder.resolve("copy.png"))).isEqualTo(Pictures.read(own));
        });
    }

    @Test
    void mistakesAreOneLineAndEndNothing() {
        talking(Show.NONE, (talk, drawing) -> {
            for (var line : new String[] {
                "picture",
                "save ",
                "picture none.png",
                "picture ~/no-such-picture-here.png",
                "save none/x.png",
                "why " + "oh why ".repeat(2000)
            }) {
                assertThat(talk.take(line)).isTrue();
                assertThat(taken().lines().toList().getLast()).startsWith("aerie: ");
            }
            talk.take("what is there?");
            assertThat(taken()).hasLineCount(1).doesNotContain("aerie: ");
            talk.take("help");
            assertThat(taken()).contains(DemoTalk.COMMANDS.subList(0, 3)).contains("Ctrl-D");
            assertThat(talk.take("quit")).isFalse();
        });
    }

    /// The demo has drawn its first picture.
    private void talking(Show show, BiConsumer<DemoTalk, Drawing> test) {
        var exhibit = new Exhibit(show, 128, folder, new PrintWriter(said));
        try (var eagle = Eagle.open(model);
                var demo = new Demo(eagle, SEED, 1, exhibit, false)) {
            var drawing = demo.draw();
            taken();
            test.accept(new DemoTalk(demo, drawing), drawing);
        }
    }

    private String taken() {
        var text = said.toString();
        said.getBuffer().setLength(0);
        return text;
    }
}
