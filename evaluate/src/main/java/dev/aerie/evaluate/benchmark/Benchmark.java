package dev.aerie.evaluate.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// A benchmark: what is asked about a record, what an answer is worth, and what many are worth together. Records have
/// the columns of the published Parquet files; the authors' own form is brought into theirs by [#official].
public interface Benchmark {

    Card card();

    /// The record's name in the data set.
    String id(Fields record);

    /// The question as the model gets it, without the places of pictures unless it names them itself.
    String prompt(Fields record);

    /// The right answers.
    default List<String> truths(Fields record) {
        return List.of(record.text("answer"));
    }

    /// What an answer is worth.
    Judgement judge(Fields record, String answer, Scoring how);

    /// The figures of a whole run; the first is the one that is published. Mean scores, unless a benchmark has its own.
    ///
    /// @param groups answers that depend on each other, for most benchmarks those about one picture
    default List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        return Figures.means("accuracy", groups);
    }

    /// What the answers of a group are worth together, where two runs are compared.
    default double worth(List<Scored> group) {
        return group.stream().mapToDouble(Scored::score).sum();
    }

    /// Whether a group counts as a whole, so that one with a record that was left out says nothing.
    default boolean isWhole() {
        return false;
    }

    /// A part of the benchmark that is reported for itself; empty where there is none.
    default String category(Fields record) {
        return "";
    }

    /// What holds answers together where it is not the picture.
    default Optional<String> group(Fields record) {
        return Optional.empty();
    }

    /// Whether a record is part of the benchmark.
    default boolean wants(Fields record) {
        return true;
    }

    /// The columns whose pictures a record's prompt shows, in order.
    default List<String> pictures(Fields record) {
        return card().pictures();
    }

    /// Where the pictures are, if not in the rows.
    default Optional<PictureTable> pictureTable() {
        return Optional.empty();
    }

    /// Reads the authors' own files: hands out each record with the columns of the Parquet form, and as `image` the
    /// picture's path in the folder.
    ///
    /// @return whether the files are there
    default boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        return false;
    }
}
