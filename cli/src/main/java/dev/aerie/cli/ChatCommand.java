package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Session;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "chat",
        description = "Talks about pictures, turn by turn; /help in the chat says how.",
        footer = "%nWithout a terminal it answers the lines of the standard input, one by one.",
        sortOptions = false)
final class ChatCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--orient", description = "Turn pictures as their EXIF orientation says; the reference does not.")
    private boolean orient;

    @Mixin
    private GenerationFlags generation = new GenerationFlags();

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        boolean terminal = System.console() != null && System.console().isTerminal();
        var interrupt = new Interrupt(line.getErr());
        generation.options(); // refused before a model is opened
        try (var eagle = model.open(interrupt)) {
            if (terminal) {
                talk(eagle, interrupt);
            } else {
                read(eagle, interrupt, line.getOut());
            }
        } catch (IOException e) {
            throw new AerieException("cannot read what to ask: " + e.getMessage(), e);
        }
    }

    private Chat chat(Session session, Interrupt interrupt, PrintWriter out, boolean terminal) {
        var reading = ReadOptions.DEFAULT.withOrientation(orient);
        return new Chat(session, generation.options(), file -> Pictures.read(file, reading), interrupt, out, terminal);
    }

    private void read(Eagle eagle, Interrupt interrupt, PrintWriter out) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try (var session = eagle.session()) {
            var chat = chat(session, interrupt, out, false);
            for (var text = in.readLine(); text != null && chat.take(text); text = in.readLine()) {}
        }
    }

    private void talk(Eagle eagle, Interrupt interrupt) throws IOException {
        try (var terminal = TerminalBuilder.builder().system(true).dumb(true).build();
                var session = eagle.session()) {
            terminal.handle(Signal.INT, _ -> interrupt.stop());
            var chat = chat(session, interrupt, terminal.writer(), true);
            new PromptLoop(terminal, Chat.COMMANDS, List.of("/image")).run(chat::take);
        }
    }
}
