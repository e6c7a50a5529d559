package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.cli.show.Exhibit;
import dev.aerie.cli.show.Show;
import dev.aerie.cli.show.TerminalGraphics;
import dev.aerie.eagle.Eagle;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Shows Eaglet at work: draws a picture, asks about it, and says what is right.",
            "On a terminal you can then ask yourself."
        },
        sortOptions = false)
final class DemoCommand implements Runnable {

    private static final int WIDTH = 80;
    private static final int MOST = 1000;
    private static final int QUESTIONS = 5;

    /// Milliseconds for a terminal to say what it can show.
    private static final long PATIENCE = 300;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(names = "--seed", paramLabel = "S", description = "Which pictures; others each time by default.")
    private @Nullable Long seed;

    @Option(names = "--count", defaultValue = "1", paramLabel = "N", description = "Pictures (${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--questions",
            defaultValue = "" + QUESTIONS,
            paramLabel = "N",
            description = "The most questions about a picture (${DEFAULT-VALUE}).")
    private int questions = QUESTIONS;

    @Option(
            names = "--show",
            defaultValue = "auto",
            paramLabel = "HOW",
            description = "Show pictures as ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}: what the terminal can; a PNG"
                    + " without one).")
    private Show show = Show.AUTO;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for PNGs; the system's for temporary files by default.")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));

    @Option(
            names = {"-m", "--model"},
            defaultValue = ShippedModels.EAGLET,
            paramLabel = "DIR",
            description = "Another checkpoint than the shipped ${DEFAULT-VALUE}.")
    private Path model = Path.of(ShippedModels.EAGLET);

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all cores by default.")
    private int threads;

    @Option(names = "--json", description = "Print one JSON object per picture, and show none.")
    private boolean json;

    @Override
    public void run() {
        if (count < 1 || count > MOST || questions < 0) {
            throw new AerieException("cannot ask " + questions + " questions about " + count
                    + " pictures: expected at least 0, and 1 to " + MOST);
        }
        long row = seed == null ? ThreadLocalRandom.current().nextLong(Split.RUNS) : seed;
        Split.SCORING.seed(row, 0);
        var checkpoint = ShippedModels.find(model);
        ModelOptions.useThreads(threads);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        boolean interactive =
                !json && System.console() != null && System.console().isTerminal();
        try (var terminal = interactive
                        ? TerminalBuilder.builder().system(true).dumb(true).build()
                        : null;
                var eagle = Eagle.open(checkpoint);
                var demo = new Demo(eagle, row, questions, exhibit(Optional.ofNullable(terminal), out), interactive)) {
            if (json) {
                print(demo, out);
            } else {
                var last = perform(demo);
                if (terminal != null) {
                    var talk = new DemoTalk(demo, last);
                    talk.invite();
                    new PromptLoop(terminal, DemoTalk.COMMANDS, DemoTalk.FILE_COMMANDS).run(talk::take);
                }
            }
        } catch (IOException e) {
            throw new AerieException("cannot open the terminal: " + e.getMessage(), e);
        }
    }

    private void print(Demo demo, PrintWriter out) {
        for (int number = 1; number <= count; number++) {
            var drawing = demo.draw();
            out.println(DemoJson.of(demo.seed(), number, drawing, demo.replies(drawing)));
        }
    }

    /// @return the last picture
    private Drawing perform(Demo demo) {
        Drawing drawing = null;
        for (int number = 1; number <= count; number++) {
            drawing = demo.draw();
            demo.quiz(drawing);
        }
        demo.out().println(demo.tally() + "; the same again: aerie demo --seed " + demo.seed() + options());
        return Objects.requireNonNull(drawing);
    }

    /// Those that decide on what is asked and answered, as they were given.
    private String options() {
        return (count == 1 ? "" : " --count " + count)
                + (questions == QUESTIONS ? "" : " --questions " + questions)
                + (model.toString().equals(ShippedModels.EAGLET) ? "" : " --model " + model);
    }

    private Exhibit exhibit(Optional<Terminal> terminal, PrintWriter out) {
        var way = json
                ? Show.NONE
                : show != Show.AUTO ? show : terminal.map(DemoCommand::best).orElse(Show.PNG);
        int width =
                terminal.map(Terminal::getWidth).filter(columns -> columns > 0).orElse(WIDTH);
        return new Exhibit(way, width, folder, terminal.map(Terminal::writer).orElse(out));
    }

    private static Show best(Terminal terminal) {
        return TerminalGraphics.detect(System.getenv(), () -> {
            var before = terminal.enterRawMode();
            try {
                return TerminalGraphics.ask(terminal.reader()::read, terminal.writer(), PATIENCE);
            } finally {
                terminal.setAttributes(before);
            }
        });
    }
}
