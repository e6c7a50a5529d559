package dev.aerie.lab.world;

/// Draws pictures. A seed determines the picture, its caption, questions, answers, objects and characters, on every
/// machine and every JDK. Safe for use by several threads.
///
/// A picture is drawn at twice its size and averaged down, on a pale ground, with noise on every channel.
public final class World {

    /// Columns and rows of a picture.
    public static final int SIDE = 128;

    /// The question whose answer is the caption.
    public static final String CAPTION_REQUEST = "describe the picture.";

    /// What random numbers are for; each purpose has its own, so that one more question does not change a picture.
    private enum Purpose {
        KIND,
        CONTENT,
        PAINT,
        NOISE,
        QUESTIONS
    }

    private World() {}

    /// The picture of this seed; see [Split#seed] for seeds that keep training and scoring apart.
    public static Drawing draw(long seed) {
        return draw(seed, Setting.FULL);
    }

    /// The picture of this seed in a setting.
    static Drawing draw(long seed, Setting setting) {
        return draw(seed, Kind.any(dice(seed, Purpose.KIND), setting.kinds()), setting);
    }

    /// The picture of this seed and kind: that of [#draw(long)] where the seed has the same kind by itself.
    public static Drawing draw(long seed, Kind kind) {
        return draw(seed, kind, Setting.FULL);
    }

    private static Drawing draw(long seed, Kind kind, Setting setting) {
        var content = kind.content(dice(seed, Purpose.CONTENT), setting);
        var paint = dice(seed, Purpose.PAINT);
        var painter = new Painter(paint);
        content.paint(painter, paint);
        var quiz = new Quiz(dice(seed, Purpose.QUESTIONS));
        content.ask(quiz);
        return new Drawing(
                seed,
                kind,
                painter.picture(dice(seed, Purpose.NOISE)),
                content.caption(),
                quiz.questions(),
                painter.objects(),
                painter.characters(),
                painter.notes(),
                painter.instances());
    }

    /// The kind that the seed has by itself.
    public static Kind kind(long seed) {
        return Kind.any(dice(seed, Purpose.KIND), Setting.FULL.kinds());
    }

    private static SplitMix64 dice(long seed, Purpose purpose) {
        return new SplitMix64(seed).fork(purpose.ordinal() + 1L);
    }
}
