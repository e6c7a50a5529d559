package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Answer;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Question;
import dev.aerie.eagle.Session;
import dev.aerie.image.Picture;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jline.reader.SyntaxError;
import org.jline.reader.impl.DefaultParser;

/// A conversation, line by line: what begins with `/` is for the program, all else for the model. An error is one line
/// and leaves the conversation as it was.
final class Chat {

    static final List<String> COMMANDS = List.of("/image", "/reset", "/help", "/quit");

    private static final String HELP = """
            /image FILE [FILE…]  adds pictures to the next question
            /reset               forgets the conversation
            /quit                ends, as Ctrl-D does
            Ctrl-C               stops an answer""";

    private final Session session;
    private final AnswerOptions how;
    private final Function<Path, Picture> reader;
    private final Interrupt interrupt;
    private final PrintWriter out;
    private final boolean terminal;
    private final List<Picture> pictures = new ArrayList<>();

    /// @param reader   opens a picture
    /// @param terminal whether somebody watches: then speed is shown too
    Chat(
            Session session,
            AnswerOptions how,
            Function<Path, Picture> reader,
            Interrupt interrupt,
            PrintWriter out,
            boolean terminal) {
        this.session = session;
        this.how = how;
        this.reader = reader;
        this.interrupt = interrupt;
        this.out = out;
        this.terminal = terminal;
    }

    /// Takes a line.
    ///
    /// @return whether the conversation goes on
    boolean take(String line) {
        var text = line.strip();
        if (text.equals("/quit")) {
            return false;
        }
        interrupt.begin();
        try {
            if (text.startsWith("/")) {
                command(text);
            } else if (!text.isEmpty()) {
                ask(text);
            }
        } catch (AerieException e) {
            interrupt.close();
            say(interrupt.isAsked() ? "(stopped)" : "aerie: " + Main.oneLine(e));
        }
        return true;
    }

    private void command(String text) {
        var words = words(text);
        switch (words.getFirst()) {
            case "/image" -> add(words.subList(1, words.size()));
            case "/reset" -> {
                session.reset();
                pictures.clear();
                say("(forgotten)");
            }
            case "/help" -> say(HELP);
            default -> throw new AerieException("there is no command " + words.getFirst() + "; /help lists them");
        }
    }

    private static List<String> words(String text) {
        try {
            return new DefaultParser().parse(text, text.length()).words();
        } catch (SyntaxError e) {
            throw new AerieException("cannot read the line: " + e.getMessage(), e);
        }
    }

    private void add(List<String> files) {
        var given = files.stream().filter(file -> !file.isEmpty()).toList();
        if (given.isEmpty()) {
            throw new AerieException("name one or more files: /image FILE [FILE…]");
        }
        var read = given.stream().map(Chat::path).map(reader).toList();
        pictures.addAll(read);
        say(
                pictures.size() == 1
                        ? "(1 picture for the next question)"
                        : "(" + pictures.size() + " pictures for the next question)");
    }

    /// With the home folder for `~`.
    private static Path path(String file) {
        try {
            return file.startsWith("~/") ? Path.of(System.getProperty("user.home"), file.substring(2)) : Path.of(file);
        } catch (InvalidPathException e) {
            throw new AerieException("cannot open '" + file + "': " + e.getReason(), e);
        }
    }

    private void ask(String text) {
        var answer = session.ask(new Question(text, List.copyOf(pictures)), how, new Saying());
        pictures.clear();
        interrupt.close();
        say(interrupt.isAsked() ? " (stopped)" : "");
        Warnings.ofCut(answer, out);
        if (terminal) {
            say("\033[2m" + speed(answer) + "\033[0m");
        }
    }

    private final class Saying implements AnswerListener {

        @Override
        public boolean accept(String piece) {
            interrupt.close();
            out.print(piece.replaceAll("[\\p{Cntrl}&&[^\n\t]]", ""));
            out.flush();
            return goesOn();
        }

        @Override
        public boolean goesOn() {
            return !interrupt.isAsked();
        }
    }

    private static String speed(Answer answer) {
        var timings = answer.timings();
        double first = timings.look() + timings.prefill();
        double rate = timings.decode() > 0 ? (answer.ids().length - 1) / timings.decode() : 0;
        return String.format(
                Locale.ROOT,
                "[%d tokens, %.1f tokens/s; first after %.1f s, %d new in the prompt]",
                answer.ids().length,
                rate,
                first,
                timings.promptTokens());
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
