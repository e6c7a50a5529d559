package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import java.util.List;

/// The cells of a study as a table, and beneath it what each of them is.
final class CellTable {

    private CellTable() {}

    /// @param rows at least one
    static String html(List<StudyReport.Row> rows) {
        return scores(rows) + settings(rows);
    }

    private static String scores(List<StudyReport.Row> rows) {
        var table = new StringBuilder("<div class=\"wide\"><table>\n<tr><th></th>");
        for (var head : List.of("average", "interval", "seeds")) {
            table.append("<th scope=\"col\">").append(head).append("</th>");
        }
        rows.getFirst()
                .scores()
                .families()
                .forEach(family -> table.append("<th scope=\"col\">")
                        .append(Html.text(family))
                        .append("</th>"));
        for (var head : List.of("parameters", "seconds", "TFLOP of stages", "works")) {
            table.append("<th scope=\"col\">").append(head).append("</th>");
        }
        table.append("</tr>\n");
        for (var row : rows) {
            var scores = row.scores();
            var interval = scores.interval();
            table.append("<tr><th scope=\"row\">").append(Html.text(row.name())).append("</th>");
            cell(table, StudyReport.percent(scores.average()));
            cell(table, StudyReport.percent(interval.low()) + " – " + StudyReport.percent(interval.high()));
            cell(
                    table,
                    String.join(
                            " ",
                            scores.bySeed().stream().map(StudyReport::percent).toList()));
            for (int f = 0; f < scores.families().size(); f++) {
                cell(table, StudyReport.percent(scores.family(f)));
            }
            cell(table, StudyReport.rounded("%.2f M", row.parameters() / 1e6));
            cell(table, StudyReport.rounded("%.0f", row.seconds()));
            cell(table, StudyReport.rounded("%.0f", row.flops() / 1e12));
            table.append("<td>");
            for (var line : row.lines()) {
                table.append("<a href=\"#%s\">%d</a> "
                        .formatted(line.works().get(line.works().size() - 2), line.seed()));
            }
            table.append("</td></tr>\n");
        }
        return table.append("</table></div>\n").toString();
    }

    private static void cell(StringBuilder table, String text) {
        table.append("<td>").append(Html.text(text)).append("</td>");
    }

    /// A line for each cell: its experts and what it sets in the recipe, with what all set.
    private static String settings(List<StudyReport.Row> rows) {
        var table = new StringBuilder("""
                <details><summary>Settings of each cell</summary><div class="wide"><table>
                <tr><th></th><th scope="col">experts</th><th scope="col">settings of the recipe</th></tr>
                """);
        for (var row : rows) {
            var line = row.lines().getFirst();
            var set = line.set().isEmpty() ? "its own" : String.join(", ", line.set());
            table.append(Html.row(row.name(), line.towers(), set));
        }
        return table.append("</table></div></details>\n").toString();
    }
}
