package dev.aerie.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/// Runs command lines in this process.
final class Aerie {

    static final Path MODELS = Path.of("../core/src/test/resources/golden/model");

    private Aerie() {}

    record Result(int code, String out, String err) {}

    static Result run(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int code = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Result(code, out.toString(), err.toString());
    }
}
