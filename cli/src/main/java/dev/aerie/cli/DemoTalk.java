package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.World;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a user asks about the demo's pictures or own ones, line by line. An error is one line and ends nothing.
final class DemoTalk {

    static final List<String> COMMANDS = List.of("new", "picture", "save", "help", "quit");
    static final List<String> FILE_COMMANDS = List.of("picture", "save");

    private static final Pattern FILE_LINE = Pattern.compile("(picture|save)(\\s+(.*))?");
    private static final int EXAMPLES = 3;
    private static final String HELP = """
            new           another picture
            picture FILE  one of your own; the model only knows drawings of its world
            save FILE     write the picture as PNG
            quit          ends, as Ctrl-D does""";

    private final Demo demo;
    private final UnknownWords unknown;
    private Picture picture;
    private Optional<Drawing> drawing;

    /// @param first the picture that questions are about
    DemoTalk(Demo demo, Drawing first) {
        this.demo = demo;
        unknown = new UnknownWords(demo.eagle().tokenizer());
        picture = first.picture();
        drawing = Optional.of(first);
    }

    /// Says what can be asked.
    void invite() {
        say("\nAsk about the picture: one question a line. 'help' lists what else there is, Ctrl-D ends.");
        examples();
    }

    private void examples() {
        drawing.ifPresent(drawn -> {
            var others = demo.others(drawn).isEmpty() ? drawn.questions() : demo.others(drawn);
            others.stream().limit(EXAMPLES).forEach(question -> say("  " + question.text()));
        });
        say("  " + World.CAPTION_REQUEST);
    }

    /// Takes a line.
    ///
    /// @return whether to go on
    boolean take(String line) {
        var text = line.strip();
        if (text.equals("quit")) {
            return false;
        }
        try {
            var file = FILE_LINE.matcher(text);
            if (text.equals("new")) {
                another();
            } else if (text.equals("help")) {
                say(HELP);
            } else if (file.matches()) {
                file(file.group(1), Optional.ofNullable(file.group(3)).orElse(""));
            } else if (!text.isEmpty()) {
                ask(text);
            }
        } catch (AerieException e) {
            say("aerie: " + Main.oneLine(e));
        }
        return true;
    }

    private void another() {
        var drawn = demo.draw();
        picture = drawn.picture();
        drawing = Optional.of(drawn);
        demo.quiz(drawn);
        say(demo.tally());
        examples();
    }

    private void file(String command, String name) {
        if (name.isBlank()) {
            throw new AerieException("name a file: " + command + " FILE");
        }
        var file = path(name);
        if (command.equals("save")) {
            Pictures.writePng(picture, file);
            say("(saved as " + file + ")");
        } else {
            var read = Pictures.read(file);
            demo.look(read, "aerie-demo-own");
            picture = read;
            drawing = Optional.empty();
        }
    }

    /// Without quotes around it, and with the home folder for `~`.
    private static Path path(String name) {
        var plain = name.replaceAll("^(['\"])(.*)\\1$", "$2");
        try {
            return plain.startsWith("~/")
                    ? Path.of(System.getProperty("user.home"), plain.substring(2))
                    : Path.of(plain);
        } catch (InvalidPathException e) {
            throw new AerieException("cannot open '" + plain + "': " + e.getReason(), e);
        }
    }

    private void ask(String text) {
        if (demo.isOfTheWorld()) {
            var words = unknown.in(text, written());
            if (!words.isEmpty()) {
                say("(words it never learned, and takes for letters in the picture: "
                        + Plain.text(String.join(", ", words)) + ")");
            }
        }
        var answer = demo.answer(text, picture);
        Warnings.ofCut(answer, demo.out());
        var said = Plain.text(answer.text());
        var truth = drawing.flatMap(drawn -> drawn.questions().stream()
                .filter(question -> question.text().equalsIgnoreCase(text))
                .findFirst());
        say(said
                + truth.map(question -> "  (" + demo.verdict(new Demo.Reply(question, said)) + ")")
                        .orElse(""));
    }

    /// All that is to be read in the picture, among other words.
    private List<String> written() {
        return drawing.map(drawn -> List.of(drawn.caption())).orElse(List.of());
    }

    private void say(String text) {
        demo.out().println(text);
        demo.out().flush();
    }
}
