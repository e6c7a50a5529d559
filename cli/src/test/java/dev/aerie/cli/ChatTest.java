package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Question;
import dev.aerie.eagle.Session;
import dev.aerie.image.Pictures;
import dev.aerie.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");
    private static final Path WIDE = X2.resolve("expected/images/wide.png");
    private static final AnswerOptions HOW =
            AnswerOptions.DEFAULT.withMaxTokens(8).ignoringEnd();

    private final StringWriter said = new StringWriter();
    private final Interrupt interrupt = new Interrupt(new PrintWriter(Writer.nullWriter()));

    @Test
    void aPictureJoinsInTheSecondTurn() {
        try (var eagle = eagle();
                var session = eagle.session();
                var reference = eagle.session()) {
            var picture = Pictures.read(WIDE);
            var first = reference.ask(new Question("Hello?", List.of()), HOW, _ -> true);
            var second = reference.ask(new Question("And here?", List.of(picture)), HOW, _ -> true);

            var chat = chat(session, said, true);
            assertThat(chat.take("Hello?")).isTrue();
            assertThat(taken()).contains(shown(first.text())).contains("tokens/s");
            chat.take("/image none.png");
            assertThat(taken()).startsWith("aerie: ").contains("none.png").hasLineCount(1);
            chat.take("/image '" + WIDE + "'");
            assertThat(taken()).contains("1 picture for the next question");
            chat.take("And here?");
            assertThat(taken()).contains(shown(second.text()));
        }
    }

    @Test
    void commandsAndMistakesKeepTheChatGoing() {
        try (var eagle = eagle();
                var session = eagle.session()) {
            var chat = chat(session, said, false);
            assertThat(chat.take("  ")).isTrue();
            assertThat(taken()).isEmpty();
            chat.take("/help");
            assertThat(taken()).contains(Chat.COMMANDS.subList(0, 2)).contains("Ctrl-C");
            chat.take("/image");
            assertThat(taken()).contains("name one or more files");
            chat.take("/dance");
            assertThat(taken()).contains("no command /dance");
            chat.take("/image ~/no-such-picture-here.png");
            assertThat(taken()).contains(System.getProperty("user.home")).hasLineCount(1);
            chat.take("/image " + WIDE + " " + WIDE);
            assertThat(taken()).contains("2 pictures");
            chat.take("/reset");
            assertThat(taken()).contains("forgotten");
            chat.take("Hello?");
            assertThat(taken()).isNotBlank().doesNotContain("tokens/s");
            assertThat(chat.take("/quit")).isFalse();
        }
    }

    @Test
    void stoppingEndsTheAnswerAndNotTheChat() {
        try (var eagle = eagle();
                var session = eagle.session()) {
            var stopping = new StringWriter() {
                @Override
                public void write(String text, int from, int length) {
                    super.write(text, from, length);
                    interrupt.stop();
                }
            };
            chat(session, stopping, false).take("Hello?");
            assertThat(stopping.toString()).contains("(stopped)");
            chat(session, said, false).take("Hello again?");
            assertThat(taken()).doesNotContain("stopped");
        }
    }

    @Test
    void stoppingWhileLookingDropsTheQuestion() {
        interrupt.stop();
        try (var eagle = eagle();
                var session = eagle.session()) {
            var picture = Pictures.read(WIDE);
            var stopped = new Chat(
                    session,
                    HOW,
                    _ -> picture,
                    new Interrupt(new PrintWriter(Writer.nullWriter())),
                    new PrintWriter(said),
                    false);
            stopped.take("/image x");
            taken();
            stopped.take("What?"); // of the model's own interrupt, the experts hear first
            assertThat(taken()).contains("stopped");
            stopped.take("/image x"); // the picture of the question that was dropped is there still
            assertThat(taken()).contains("2 pictures");
            stopped.take("/nonsense");
            assertThat(taken()).contains("there is no command");
        }
    }

    @Test
    void withoutATerminalTheStandardInputIsAnswered() {
        var before = System.in;
        try {
            var lines = "Hello?\n/nonsense\n/quit\nHello?\n";
            System.setIn(new ByteArrayInputStream(lines.getBytes(Charset.defaultCharset())));
            var result = Aerie.run("chat", "-m", X2, "--max-tokens", 4, "--ignore-eos");
            assertThat(result.code()).isZero();
            assertThat(result.out().lines().toList()).last().asString().contains("no command /nonsense");
            assertThat(result.out().lines().findFirst().orElse("")).isNotBlank();
        } finally {
            System.setIn(before);
        }
    }

    private Eagle eagle() {
        return Eagle.open(X2, new LoadOptions(DType.F32, 336, Optional.empty(), interrupt, false));
    }

    private Chat chat(Session session, Writer out, boolean terminal) {
        return new Chat(session, HOW, Pictures::read, interrupt, new PrintWriter(out), terminal);
    }

    private String taken() {
        var text = said.toString();
        said.getBuffer().setLength(0);
        return text;
    }

    /// As it is shown: without control characters.
    private static String shown(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
    }
}
