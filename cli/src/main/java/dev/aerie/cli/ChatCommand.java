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
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
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
        var reading = new ReadOptions(ReadOptions.DEFAULT.maxPixels(), ReadOptions.DEFAULT.maxBytes(), orient);
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
            var reader = reader(terminal);
            var chat = chat(session, interrupt, terminal.writer(), true);
            boolean goesOn = true;
            while (goesOn) {
                try {
                    goesOn = chat.take(reader.readLine("> "));
                } catch (UserInterruptException e) {
                    // Ctrl-C gives up the line, not the chat.
                } catch (EndOfFileException e) {
                    goesOn = false;
                }
            }
        }
    }

    private static LineReader reader(Terminal terminal) {
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("aerie")
                .completer(ChatCommand::complete)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /// Commands, and file names behind `/image`.
    private static void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            if (line.word().startsWith("/")) {
                Chat.COMMANDS.forEach(command -> candidates.add(new Candidate(command)));
            }
        } else if (line.words().getFirst().equals("/image")) {
            new FileNameCompleter().complete(reader, line, candidates);
        }
    }
}
