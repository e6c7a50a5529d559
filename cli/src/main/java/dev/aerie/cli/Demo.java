package dev.aerie.cli;

import dev.aerie.cli.show.Exhibit;
import dev.aerie.eagle.Answer;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Session;
import dev.aerie.image.Picture;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Question;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Pictures of the miniature world, one after the other, with questions and what the model answers. They are drawn for
/// scoring: no model was trained on them.
final class Demo implements AutoCloseable {

    /// Room for a caption, the longest of answers.
    private static final AnswerOptions HOW = AnswerOptions.DEFAULT.withMaxTokens(64);

    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String PLAIN = "\033[0m";
    private static final String WRONG = "wrong, it is ";

    /// A question, and what the model said.
    record Reply(Question question, String said) {

        boolean isRight() {
            return question.isAnsweredBy(said);
        }
    }

    private final Eagle eagle;
    private final long seed;
    private final int most;
    private final Exhibit exhibit;
    private final boolean colours;
    private final List<Reply> replies = new ArrayList<>();
    private Session session;
    private int next;

    /// @param seed    the number of the row of pictures, see [Split#seed]
    /// @param most    questions about a picture
    /// @param colours whether right and wrong have them
    Demo(Eagle eagle, long seed, int most, Exhibit exhibit, boolean colours) {
        this.eagle = eagle;
        this.seed = seed;
        this.most = most;
        this.exhibit = exhibit;
        this.colours = colours;
        session = eagle.session();
    }

    /// Draws the next picture and shows it.
    Drawing draw() {
        int number = next++;
        var drawing = World.draw(Split.SCORING.seed(seed, number));
        look(drawing.picture(), name(number));
        return drawing;
    }

    /// The name of a picture's file.
    private String name(int number) {
        return "aerie-demo-" + seed + "-" + (number + 1);
    }

    /// Turns to a picture, drawn or not, and shows it.
    void look(Picture picture, String name) {
        session.close();
        session = eagle.session();
        exhibit.show(picture, name);
    }

    /// Asks the drawing's questions, as many as wanted.
    List<Reply> replies(Drawing drawing) {
        return questions(drawing).stream()
                .map(question -> reply(question, drawing.picture()))
                .toList();
    }

    private List<Question> questions(Drawing drawing) {
        return drawing.questions().stream().limit(most).toList();
    }

    /// The drawing's other questions: those not asked by the demo itself.
    List<Question> others(Drawing drawing) {
        return drawing.questions().stream().skip(most).toList();
    }

    private Reply reply(Question question, Picture picture) {
        var reply =
                new Reply(question, Plain.text(answer(question.text(), picture).text()));
        replies.add(reply);
        return reply;
    }

    /// Asks about a picture, each time as if it were the first question.
    Answer answer(String question, Picture picture) {
        session.reset();
        return session.ask(new dev.aerie.eagle.Question(question, List.of(picture)), HOW, AnswerListener.NONE);
    }

    /// Asks the drawing's questions, and prints them with answers and truth.
    void quiz(Drawing drawing) {
        int width = questions(drawing).stream()
                .mapToInt(question -> question.text().length())
                .max()
                .orElse(0);
        var out = out();
        for (var question : questions(drawing)) {
            out.printf("  %-" + Math.max(1, width) + "s  ", question.text());
            out.flush();
            var reply = reply(question, drawing.picture());
            out.println("%-12s  %s".formatted(reply.said(), verdict(reply)));
        }
    }

    /// `right`, or what would have been.
    String verdict(Reply reply) {
        var words = reply.isRight() ? "right" : WRONG + reply.question().answer();
        return colours ? (reply.isRight() ? GREEN : RED) + words + PLAIN : words;
    }

    /// `5 of 6 right`, of all that the demo itself asked.
    String tally() {
        return replies.stream().filter(Reply::isRight).count() + " of " + replies.size() + " right";
    }

    /// Whether the model has the world's vocabulary.
    boolean isOfTheWorld() {
        return eagle.template().name().equals(ShippedModels.EAGLET);
    }

    Eagle eagle() {
        return eagle;
    }

    long seed() {
        return seed;
    }

    PrintWriter out() {
        return exhibit.out();
    }

    @Override
    public void close() {
        session.close();
    }
}
