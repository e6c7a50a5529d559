package dev.aerie.cli;

import java.util.List;
import java.util.function.Predicate;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/// Reads lines from a terminal, with history, until Ctrl-D.
///
/// @param commands     completed where a line begins
/// @param fileCommands those with file names behind them
record PromptLoop(Terminal terminal, List<String> commands, List<String> fileCommands) {

    /// @param take takes a line and says whether to go on
    void run(Predicate<String> take) {
        var reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("aerie")
                .completer(this::complete)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = take.test(reader.readLine("> "));
            } catch (UserInterruptException e) {
                // Ctrl-C gives up the line, not the conversation.
            } catch (EndOfFileException e) {
                goesOn = false;
            }
        }
    }

    private void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            if (!line.word().isEmpty()) {
                commands.stream()
                        .filter(command -> command.startsWith(line.word()))
                        .forEach(command -> candidates.add(new Candidate(command)));
            }
        } else if (fileCommands.contains(line.words().getFirst())) {
            new FileNameCompleter().complete(reader, line, candidates);
        }
    }
}
