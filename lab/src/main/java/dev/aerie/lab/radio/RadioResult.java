package dev.aerie.lab.radio;

import dev.aerie.lab.pretrain.Tally;
import java.util.List;

/// What a distillation came to.
///
/// @param explained how much of each teacher's variance the student says
/// @param rows      what linear heads read off frozen features: the student's first, then those of the students without
///                  teachers, then the teachers'
public record RadioResult(List<Measured> explained, List<Row> rows) {

    /// A measure over held-out pictures, the same ones in every row.
    public record Measured(String measure, List<Tally> pictures) {
        public Measured {
            pictures = List.copyOf(pictures);
        }
    }

    /// @param scores one for each task, in the same order in every row
    public record Row(String name, List<Measured> scores) {
        public Row {
            scores = List.copyOf(scores);
        }
    }

    public RadioResult {
        explained = List.copyOf(explained);
        rows = List.copyOf(rows);
    }

    public Row student() {
        return rows.getFirst();
    }

    /// The others, which the student is compared with.
    public List<Row> others() {
        return rows.subList(1, rows.size());
    }
}
