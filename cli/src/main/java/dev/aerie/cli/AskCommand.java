package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Answer;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Batches;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Question;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.lab.eaglet.Finders;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ask", description = "Answers a question about one or more pictures, or none.", sortOptions = false)
final class AskCommand implements Runnable {

    /// Questions of a file that are answered together, as an evaluation does.
    private static final int TOGETHER = 8;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Parameters(arity = "0..1", paramLabel = "QUESTION", description = "What to ask.")
    private @Nullable String question;

    @Option(
            names = {"-i", "--image"},
            paramLabel = "FILE",
            description = "A picture the question is about; repeatable, in order.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Answers many instead, eight at a time: JSON lines {\"question\": …, \"images\": [FILE, …]}.")
    private @Nullable Path questions;

    @Option(names = "--stream", description = "Print the answer as it is generated.")
    private boolean stream;

    @Option(
            names = "--json",
            description = "Print one JSON object per answer: text, ids, logprobs, prompt_ids, end, timings, and experts"
                    + " where they are chosen; of a question that failed, error.")
    private boolean json;

    @Option(names = "--orient", description = "Turn pictures as their EXIF orientation says; the reference does not.")
    private boolean orient;

    @Option(names = "--found", paramLabel = "DIR", description = LabScoreCommand.FOUND)
    private @Nullable Path found;

    @Option(
            names = "--raw",
            description = "Take the question as the reference does: <image> in it is a picture, </s> the end token.")
    private boolean raw;

    @Mixin
    private GenerationFlags generation = new GenerationFlags();

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        if ((question == null) == (questions == null)) {
            throw new CommandLine.ParameterException(line, "give either a QUESTION or --questions FILE");
        }
        if (raw && found != null) {
            throw new CommandLine.ParameterException(
                    line,
                    "--raw says where pictures stand, and --found puts words behind"
                            + " them: leave one of the two out");
        }
        if (questions != null && (stream || !images.isEmpty())) {
            throw new CommandLine.ParameterException(
                    line,
                    "--questions names its pictures in FILE and prints whole answers: leave out "
                            + (stream ? "--stream" : "--image"));
        }
        var how = generation.options();
        if (questions != null && how.beams() > 1) {
            throw new CommandLine.ParameterException(
                    line, "--beams takes one question at a time: leave --questions out");
        }
        var out = line.getOut();
        try (var progress = new ProgressLine(line.getErr());
                var eagle = model.open(progress);
                var finders = found == null ? null : new Finders(found)) {
            if (questions != null) {
                many(eagle, QuestionFile.read(questions), finders, how, line);
            } else if (question != null) {
                one(eagle, question, finders, how, out, progress);
            }
        }
    }

    /// The question with what was found in its pictures before it.
    private static Question behindFound(Question question, @Nullable Finders finders) {
        return finders == null || question.pictures().isEmpty() ? question : finders.behindFound(question);
    }

    /// Features of the pictures last looked at are kept, so that questions about one picture in a row look at it once.
    /// A question that cannot be answered does not keep the others from it.
    private void many(
            Eagle eagle, List<QuestionFile.Line> all, @Nullable Finders finders, AnswerOptions how, CommandLine line) {
        int failed = 0;
        try (var batches = eagle.batches(TOGETHER)) {
            for (int from = 0; from < all.size(); from += TOGETHER) {
                var some = all.subList(from, Math.min(all.size(), from + TOGETHER));
                List<Answer> answers;
                try {
                    answers = answer(some, batches, finders, how);
                } catch (AerieException e) {
                    answers = List.of();
                }
                answers.forEach(answer -> print(answer, line));
                if (answers.isEmpty()) {
                    for (int i = 0; i < some.size(); i++) {
                        failed += oneOfMany(from + i + 1, some.get(i), batches, finders, how, line) ? 0 : 1;
                    }
                }
            }
        }
        if (failed > 0) {
            throw new AerieException(
                    failed + " of " + all.size() + " questions could not be answered, for the reasons above");
        }
    }

    private List<Answer> answer(
            List<QuestionFile.Line> some, Batches batches, @Nullable Finders finders, AnswerOptions how) {
        return batches.ask(
                some.stream().map(each -> behindFound(question(each), finders)).toList(), how);
    }

    private boolean oneOfMany(
            int number,
            QuestionFile.Line one,
            Batches batches,
            @Nullable Finders finders,
            AnswerOptions how,
            CommandLine line) {
        List<Answer> answers;
        try {
            answers = answer(List.of(one), batches, finders, how);
        } catch (AerieException e) {
            line.getErr().println("aerie: question " + number + ": " + Main.oneLine(e));
            line.getOut().println(json ? AnswerJson.failed(Main.oneLine(e)) : "");
            return false;
        }
        answers.forEach(answer -> print(answer, line));
        return true;
    }

    private void print(Answer answer, CommandLine line) {
        print(answer, line.getOut());
        Warnings.ofCut(answer, line.getErr());
        Main.requireWritten(line.getOut());
    }

    private Question question(QuestionFile.Line asked) {
        return new Question(
                asked.text(), asked.images().stream().map(this::read).toList(), raw);
    }

    private void one(
            Eagle eagle,
            String text,
            @Nullable Finders finders,
            AnswerOptions how,
            PrintWriter out,
            ProgressLine progress) {
        var pictures = images.stream().map(this::read).toList();
        AnswerListener listener = piece -> {
            progress.close();
            out.print(piece);
            out.flush();
            return true;
        };
        boolean streaming = stream && !json;
        var answer = eagle.ask(
                behindFound(new Question(text, pictures, raw), finders),
                how,
                streaming ? listener : AnswerListener.NONE);
        progress.close();
        if (streaming) {
            out.println();
        } else {
            print(answer, out);
        }
        Warnings.ofCut(answer, Objects.requireNonNull(spec).commandLine().getErr());
    }

    private void print(Answer answer, PrintWriter out) {
        out.println(json ? AnswerJson.of(answer) : answer.text());
    }

    private Picture read(Path file) {
        return Pictures.read(file, ReadOptions.DEFAULT.withOrientation(orient));
    }
}
